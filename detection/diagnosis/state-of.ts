import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Candidate } from './candidates.ts';

/** Whether a fault goes on by the newest samples, and when it ended where it does not. */
export interface FaultState {
  state: 'active' | 'over';
  untilMs?: number;
}

/**
 * The state of a candidate by what it must show: over when all that can tell (metrics and spans where there are any, else log patterns) is back
 * to normal, and has been for longer than it ever was between two of its times. What cannot be told counts as going on.
 */
export function stateOf({ seen }: Candidate, nowMs: number): FaultState {
  const required = seen.filter(({ clue }) => clue.required === true).flatMap(({ findings }) => findings);
  const dated = required.filter(({ onset }) => onset !== undefined);
  const measured = dated.filter(({ kind }) => kind !== 'log-pattern');
  const usable = measured.length > 0 ? measured : dated;
  const worst = Math.max(0, ...usable.map(({ severity }) => severity));
  const telling = usable.filter(({ severity }) => severity >= 0.6 * worst);
  const ends = telling.flatMap(({ until }) => (until === undefined ? [] : [msOf(until)]));
  if (telling.length === 0 || ends.length < telling.length) return { state: 'active' };
  const untilMs = Math.max(...ends);
  return nowMs - untilMs > leastCalmOf(telling) ? { state: 'over', untilMs } : { state: 'active' };
}

/** Twice the longest pause between two times of the same thing, and twice the step at which it is sampled. */
function leastCalmOf(telling: readonly Finding[]): number {
  let longest = 5_000;
  for (const { data } of telling) if (typeof data?.['stepMs'] === 'number') longest = Math.max(longest, data['stepMs']);
  const bySignal = Map.groupBy(telling, ({ entity, peer, signal }) => `${entity}|${peer ?? ''}|${signal.name}`);
  for (const times of bySignal.values()) {
    const sorted = times.toSorted((left, right) => msOf(left.onset!) - msOf(right.onset!));
    for (const [index, { onset }] of sorted.entries())
      if (index > 0) longest = Math.max(longest, msOf(onset!) - msOf(sorted[index - 1]!.until!));
  }
  return 2 * longest;
}
