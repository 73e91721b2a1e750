import type { SignalRole } from '../../../domain/finding.ts';
import type { Aspect, Derived, Unit } from './derived-series.ts';

/** When a departure is worth saying: the noise that is always assumed, and the change that matters in practice. */
export interface ShiftLimit {
  /** Assumed spread, as a share of the level and absolute; the measured spread counts when larger. */
  relativeFloor: number;
  absoluteFloor: number;
  /** The least change that matters: absolute, and as a ratio of levels (either way). */
  leastChange: number;
  leastRatio: number;
  direction: 'up' | 'down' | 'both';
  /** How much a departure of this kind matters to users or to a cause, in [0, 1]; caps the severity. */
  importance: number;
}

const limit = (
  ...[relativeFloor, absoluteFloor, leastChange, leastRatio, direction, importance]: [
    number,
    number,
    number,
    number,
    ShiftLimit['direction'],
    number,
  ]
): ShiftLimit => ({ relativeFloor, absoluteFloor, leastChange, leastRatio, direction, importance });

const megabyte = 1_048_576;

/** By role and aspect, `role/aspect` first, then `role`. In base units: seconds, cores, bytes, per second. */
const limits: Readonly<Record<string, ShiftLimit>> = {
  'latency/mean': limit(0.15, 0.002, 0.008, 1.5, 'both', 0.9),
  'latency/p95': limit(0.25, 0.005, 0.03, 1.8, 'up', 0.7),
  'database-latency/mean': limit(0.15, 0.001, 0.004, 1.5, 'both', 0.9),
  'database-latency/p95': limit(0.25, 0.004, 0.02, 1.8, 'up', 0.7),
  'database-work/rate': limit(0.12, 0.5, 2, 1.4, 'both', 0.6),
  'database-work/fan-out': limit(0.2, 0.15, 0.5, 1.5, 'up', 0.8),
  'database-work/rows-per-call': limit(0.15, 0.5, 2, 1.5, 'up', 0.85),
  'database-work/capacity': limit(0, 0.1, 0.5, 1.02, 'down', 0.9),
  'queue/capacity': limit(0, 0.1, 0.5, 1.2, 'down', 0.95),
  'database-work/level': limit(0.05, 1, 10, 1.5, 'up', 0.3),
  'traffic/rate': limit(0.1, 0.4, 1, 1.35, 'both', 0.7),
  'traffic/fan-out': limit(0.2, 0.1, 0.3, 1.5, 'up', 0.8),
  'traffic/in-flight': limit(0.2, 1, 4, 2, 'up', 0.6),
  errors: limit(0.2, 0.01, 0.02, 1.5, 'up', 0.95),
  'errors/rate': limit(0.2, 0.2, 0.4, 1.8, 'up', 0.85),
  availability: limit(0, 0.1, 0.5, 1, 'down', 1),
  cpu: limit(0.15, 0.02, 0.12, 1.5, 'both', 0.85),
  memory: limit(0.05, 4 * megabyte, 24 * megabyte, 1.25, 'both', 0.8),
  'memory/saturation': limit(0.05, 0.02, 0.12, 1.2, 'up', 0.8),
  'event-loop/lag-p50': limit(0.15, 0.002, 0.006, 1.4, 'up', 0.8),
  'event-loop/lag-p99': limit(0.25, 0.005, 0.02, 1.6, 'up', 0.8),
  'event-loop/lag-max': limit(0.35, 0.008, 0.05, 2, 'up', 0.7),
  'pool/level': limit(0.15, 0.5, 2, 1.5, 'both', 0.6),
  'pool/pending': limit(0.2, 0.4, 1.5, 1.5, 'up', 0.9),
  'pool/saturation': limit(0.1, 0.07, 0.25, 1.3, 'up', 0.8),
  'pool/capacity': limit(0, 0.2, 1, 1.1, 'both', 0.95),
  'pool/mean': limit(0.2, 0.002, 0.01, 1.8, 'up', 0.85),
  'pool/rate': limit(0.2, 0.1, 0.3, 1.8, 'up', 0.85),
  'queue/level': limit(0.2, 3, 12, 1.8, 'up', 0.85),
  'queue/age': limit(0.2, 0.5, 2, 2, 'up', 0.9),
  'queue/rate': limit(0.15, 0.3, 0.6, 1.6, 'both', 0.75),
  'queue/mean': limit(0.2, 0.003, 0.01, 1.6, 'up', 0.7),
  'queue/saturation': limit(0.1, 0.05, 0.2, 1.3, 'up', 0.85),
  'cache/hit-ratio': limit(0.05, 0.03, 0.12, 1.12, 'down', 0.9),
  'cache/level': limit(0.1, 3, 10, 1.6, 'down', 0.75),
  'cache/rate': limit(0.12, 0.5, 1, 1.5, 'both', 0.4),
  'disk/saturation': limit(0.02, 0.01, 0.06, 1.05, 'up', 0.9),
  'disk/level': limit(0.03, megabyte, 4 * megabyte, 1.25, 'up', 0.6),
  'file-handles/level': limit(0.06, 2, 12, 1.2, 'up', 0.85),
  'file-handles/saturation': limit(0.06, 0.01, 0.1, 1.2, 'up', 0.85),
  network: limit(0.15, 1, 5, 1.8, 'up', 0.5),
  'network/saturation': limit(0.05, 0.02, 0.15, 1.2, 'up', 0.85),
  'network/edge-gap': limit(0.3, 0.005, 0.015, 1.6, 'up', 0.95),
  lock: limit(0.2, 0.5, 1.5, 1.5, 'up', 0.9),
  'lock/mean': limit(0.2, 0.002, 0.02, 1.8, 'up', 0.9),
  'retries/rate': limit(0.2, 0.15, 0.4, 1.7, 'up', 0.8),
  'retries/retry-ratio': limit(0.2, 0.01, 0.05, 1.7, 'up', 0.8),
  'host-cpu/rate': limit(0.12, 0.08, 0.3, 1.3, 'up', 0.6),
  'host-cpu/unaccounted': limit(0.12, 0.1, 0.3, 1.3, 'up', 0.85),
  'host-cpu/pending': limit(0.2, 0.05, 0.15, 1.6, 'up', 0.7),
  'host-cpu/saturation': limit(0.12, 0.05, 0.25, 1.3, 'up', 0.6),
  'host-cpu/level': limit(0.2, 0.3, 1, 1.6, 'up', 0.5),
};

/** Of what is left only a fall matters, by a third and by more than noise; in the unit that it is told in. */
const ofWhatIsLeft: Partial<Record<Unit, ShiftLimit>> = {
  bytes: limit(0.03, 4 * megabyte, 24 * megabyte, 1.5, 'down', 0.8),
  ratio: limit(0.05, 0.01, 0.1, 1.5, 'down', 0.8),
  count: limit(0.1, 1, 5, 1.5, 'down', 0.6),
};

/** The limit for a derived series; undefined where its kind is not judged (capacities that are no cause, levels without a meaning). */
export function shiftLimitOf(derived: Pick<Derived, 'role' | 'aspect' | 'unit'>): ShiftLimit | undefined {
  if (derived.aspect === 'left') return ofWhatIsLeft[derived.unit];
  return (
    limits[`${derived.role}/${derived.aspect}`] ??
    (derived.aspect === 'capacity' || derived.aspect === 'start-time' ? undefined : limits[derived.role])
  );
}

/** Roles whose level creeps: judged by where it has got to, not by the median since the onset. */
export function creeps(role: SignalRole, aspect: Aspect): boolean {
  return (
    role === 'memory' ||
    role === 'file-handles' ||
    role === 'disk' ||
    (role === 'queue' && (aspect === 'level' || aspect === 'age'))
  );
}
