import { entityNameOf } from '../../../domain/entity.ts';
import type { Derived, Unit } from './derived-series.ts';
import type { Shift } from './shift.ts';

const words: Readonly<Record<string, string>> = {
  'availability/up': 'availability',
  'latency/mean': 'mean latency',
  'latency/p95': 'p95 latency',
  'database-latency/mean': 'mean query time',
  'database-latency/p95': 'p95 query time',
  'database-work/rate': 'database work',
  'database-work/fan-out': 'queries per request',
  'database-work/rows-per-call': 'rows per query',
  'database-work/capacity': 'number of indexes',
  'queue/capacity': 'active consumers',
  'traffic/rate': 'requests per second',
  'traffic/fan-out': 'calls per request',
  'traffic/in-flight': 'requests in flight',
  'errors/error-ratio': 'error ratio',
  'errors/rate': 'errors per second',
  'cpu/rate': 'CPU use',
  'memory/level': 'memory',
  'memory/saturation': 'share of memory in use',
  'network/saturation': 'share of tracked connections in use',
  'queue/saturation': 'queue fill',
  'host-cpu/saturation': 'host CPU use',
  'event-loop/lag-p50': 'median event-loop lag',
  'event-loop/lag-p99': 'p99 event-loop lag',
  'event-loop/lag-max': 'longest event-loop lag',
  'pool/level': 'pool connections in use',
  'pool/pending': 'requests waiting for a pool connection',
  'pool/saturation': 'pool fill',
  'pool/capacity': 'pool size',
  'queue/level': 'queue depth',
  'queue/age': 'age of the oldest message',
  'cache/hit-ratio': 'cache hit ratio',
  'cache/level': 'cache entries',
  'disk/saturation': 'volume fill',
  'disk/level': 'volume use',
  'file-handles/level': 'open file handles',
  'file-handles/saturation': 'share of file handles in use',
  'retries/rate': 'retries per second',
  'retries/retry-ratio': 'retries per call',
  'network/edge-gap': 'time on the way',
  'host-cpu/rate': 'host CPU use',
  'host-cpu/unaccounted': 'host CPU used by nobody of ours',
  'host-cpu/pending': 'CPU pressure of the host',
  'host-cpu/level': 'host load',
};

/** One sentence in our own words: what moved, from where to where. Names of metrics come from outside and are kept to their name characters. */
export function describeShift(derived: Derived, shift: Shift): string {
  const what = measureName(derived);
  const toward = derived.peer === undefined ? '' : ` toward ${entityNameOf(derived.peer)}`;
  const verb = shift.direction === 'up' ? (shift.rising ? 'keeps rising' : 'rose') : 'fell';
  return `${what} of ${entityNameOf(derived.entity)}${toward} ${verb} from ${formatValue(shift.effect.baseline, derived.unit)} to ${formatValue(shift.effect.observed, derived.unit)}`;
}

/** What a derived series measures, in words. */
export function measureName(derived: Pick<Derived, 'role' | 'aspect' | 'metric'>): string {
  return words[`${derived.role}/${derived.aspect}`] ?? `${plainName(derived.metric)} (${derived.aspect})`;
}

/** A metric name that is safe to show: letters, digits, `_ . : / -`, at most 80 characters. */
export function plainName(metric: string): string {
  return metric.replaceAll(/[^\w.:/-]/g, '').slice(0, 80);
}

/** A value with its unit, three significant digits. */
export function formatValue(value: number, unit: Unit): string {
  const short = (number: number): string =>
    Math.abs(number) >= 100 ? String(Math.round(number)) : String(Number(number.toPrecision(3)));
  if (unit === 'seconds') return Math.abs(value) < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`;
  if (unit === 'ratio') return `${short(value * 100)} %`;
  if (unit === 'bytes') return `${short(value / 1_048_576)} MiB`;
  if (unit === 'per-second') return `${short(value)}/s`;
  return unit === 'cores' ? `${short(value)} cores` : short(value);
}
