import { stepOf } from '../detection/lifecycle/features/frame.ts';
import { type EntityId, entityNameOf } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';

/** When each entity was read, in time order. */
export type ReadTimes = ReadonlyMap<string, readonly number[]>;

/** An entity from which nothing has come since (milliseconds). */
export interface Silence {
  entity: EntityId;
  since: number;
}

/** Whether a finding says that an entity's metrics stopped or had a hole. */
export function isSilence({ signal }: Finding): boolean {
  return signal.role === 'availability' && signal.name === 'metrics-present';
}

/**
 * Whether a finding is about a silence that began before the watch did, at `startedAt`: nobody was looking then, so that it is a gap in what is known
 * and no outage. What is down and still asked says so itself (`up`).
 */
export function isFromBefore(finding: Finding, startedAt: number): boolean {
  return isSilence(finding) && msOf(finding.onset ?? '') < startedAt;
}

/** The entities that showed something before `startedAt`, nothing since, and by their own step should have by `now` (milliseconds). */
export function silentSince(reads: ReadTimes, startedAt: number, now: number): Silence[] {
  const silent: Silence[] = [];
  for (const [entity, times] of reads) {
    const since = times.at(-1) ?? now;
    if (since < startedAt && now - since > tooLong(stepOf(Float64Array.from(times)))) silent.push({ entity, since });
  }
  return silent;
}

/** Who sends nothing for so long was taken away, by all that can be told. */
const longestSilenceMs = 1_800_000;

/**
 * The silences of the look before that go on: what began while it was watched would else be forgotten when no sample from before it is read any more, and
 * an outage called over. As long as the entity is held, nothing has come from it since, and `told` does not say it anew; half an hour at most.
 */
export function lastingSilences(
  before: readonly Finding[],
  {
    told,
    reads,
    isHeld,
    now,
  }: { told: readonly Finding[]; reads: ReadTimes; isHeld: (id: EntityId) => boolean; now: number },
): Finding[] {
  const known = new Set(told.filter(isSilence).map(({ entity }) => entity));
  return before.filter((one) => {
    const onset = msOf(one.onset ?? '');
    return (
      isSilence(one) &&
      one.until === undefined &&
      !known.has(one.entity) &&
      isHeld(one.entity) &&
      now - onset < longestSilenceMs &&
      (reads.get(one.entity)?.at(-1) ?? 0) < onset
    );
  });
}

/** So long without a sample is no late sample any more. */
export function tooLong(stepMs: number): number {
  return Math.max(3.5 * stepMs, stepMs + 2_500);
}

const named = 3;

/** The silences as one sentence; undefined where there is none. */
export function tellSilences(silent: readonly Silence[]): string | undefined {
  if (silent.length === 0) return undefined;
  const names = silent.map(({ entity }) => entityNameOf(entity));
  const more = names.length > named ? ` and ${names.length - named} more` : '';
  const since = isoOf(Math.min(...silent.map((one) => one.since)));
  return `nothing has come from ${names.slice(0, named).join(', ')}${more} since ${since}, before the watch began`;
}
