import type { EntityId } from '../../../domain/entity.ts';
import type { Derived } from './derived-series.ts';
import { splitIndex } from './find-onset.ts';
import { judgeShift } from './judge-shift.ts';
import type { Shift } from './shift.ts';

/** The least that must be left of a window after a recovery, in samples. */
const leastLeft = 24;

interface Change {
  at: number;
  weight: number;
  entity: EntityId;
}

/**
 * When an earlier incident was over, where what looks like an onset is the end of one: what at least two parties serve got better there, and
 * next to nothing that users feel got worse. Undefined otherwise, or where too little would be left after it. Cost as that of the search for onsets.
 */
export function recoveredAt(
  all: readonly Derived[],
  { start, onset, to, step }: { start: number; onset: number; to: number; step: number },
): number | undefined {
  const reliefs: Change[] = [];
  const pains: Change[] = [];
  for (const derived of all) {
    if (!isFelt(derived)) continue;
    const samples = derived.samples.filter(([at]) => at >= start && at < to);
    const split = samples.length < 12 ? undefined : splitIndex(samples.map(([, value]) => value));
    if (split === undefined || split.gain < 25) continue;
    const at = samples[split.index]![0];
    const shift = judgeShift(derived, { baseline: [start, at], observed: [at, to] });
    if (shift === undefined || shift.severity < 0.35 || Math.abs(shift.onsetMs - onset) > 9 * step) continue;
    const change: Change = { at: shift.onsetMs, weight: shift.severity, entity: derived.entity };
    if (isRelief(derived, shift)) {
      if (isServed(derived)) reliefs.push(change);
    } else if (isPain(derived, shift)) pains.push(change);
  }
  const weight = (list: readonly Change[]): number => list.reduce((total, change) => total + change.weight, 0);
  const end = Math.max(0, ...reliefs.map(({ at }) => at)) + 3 * step;
  const isEnd =
    new Set(reliefs.map(({ entity }) => entity)).size >= 2 &&
    weight(pains) < 0.25 * weight(reliefs) &&
    to - end >= leastLeft * step;
  return isEnd ? end : undefined;
}

const feltRoles = new Set(['latency', 'errors', 'availability', 'traffic']);

function isFelt({ role }: Derived): boolean {
  return feltRoles.has(role);
}

/** What users feel directly: time and calls that an entity serves. */
function isServed({ role, side, peer }: Derived): boolean {
  return (role === 'latency' || role === 'traffic') && side === 'server' && peer === undefined;
}

/** What users complain about: errors, silence, slowness of what is served. */
function isPain(derived: Derived, { direction }: Shift): boolean {
  const { role } = derived;
  if (role === 'availability' || role === 'traffic') return direction === 'down';
  return direction === 'up' && (role === 'errors' || (role === 'latency' && isServed(derived)));
}

/** Getting better, or starting up: no onset of trouble. */
export function isRelief({ role, aspect, side }: Derived, { direction, effect }: Shift): boolean {
  if (role === 'traffic' && aspect === 'rate' && direction === 'up')
    return effect.ratio === undefined || effect.ratio > 12;
  // Fewer calls to another may only mean that they were not needed.
  if (role === 'traffic' && side === 'client' && direction === 'down') return true;
  return (
    direction === 'down' &&
    ['latency', 'database-latency', 'cpu', 'memory', 'database-work', 'pool'].includes(role) &&
    aspect !== 'capacity'
  );
}
