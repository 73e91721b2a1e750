import type { Investigation } from '../domain/run.ts';
import { msOf } from '../infra/runtime/clock.ts';

/**
 * The open investigation of another door whose alerts began within `withinMs` of `at`, last touched first: the watch and the alert
 * door look at the same incident and should not investigate it twice. Undefined when there is none among the last 20.
 */
export function incidentNear(
  investigations: { list(limit: number): Investigation[] },
  opener: 'watch' | 'alert-source',
  at: string,
  withinMs = 300_000,
): string | undefined {
  return investigations
    .list(20)
    .find(
      ({ status, openedBy, alerts }) =>
        status === 'open' &&
        (openedBy === opener || openedBy.startsWith(`${opener}:`)) &&
        alerts.some(({ startsAt }) => Math.abs(msOf(startsAt) - msOf(at)) <= withinMs),
    )?.id;
}
