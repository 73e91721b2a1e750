import type { Diagnosis, Hypothesis } from '../domain/diagnosis.ts';
import type { Window } from '../domain/time.ts';
import { msOf } from '../infra/runtime/clock.ts';
import type { Compared } from './agent.ts';

/** So long must be left after a fault ended, that what goes on since can be told from it. */
const leastLeftMs = 20_000;

/**
 * The span to look at once more, where a fault that has ended stands before or beside symptoms that go on: from its end to now, held against
 * the quiet time before it. What began while it lasted is judged by what it shows since. Undefined where nothing of that kind is seen.
 */
export function spanAfterEnded(
  { hypotheses, symptoms }: Diagnosis,
  { window, baseline }: Compared,
): { window: Window; baseline: Window; ended: Hypothesis[] } | undefined {
  const worth = Math.max(0, ...hypotheses.map(({ score }) => score)) / 2;
  const ended = hypotheses.filter((one) => one.state === 'over' && one.until !== undefined && one.score >= worth);
  const [first] = ended;
  if (baseline === undefined || first?.until === undefined) return undefined;
  if (!symptoms.some(({ until }) => until === undefined)) return undefined;
  if (msOf(window.to) - msOf(first.until) < leastLeftMs) return undefined;
  return {
    window: { from: first.until, to: window.to },
    baseline,
    ended: ended.filter(({ entity }) => entity === first.entity),
  };
}
