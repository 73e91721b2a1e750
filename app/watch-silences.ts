import { stepOf } from '../detection/features/frame.ts';
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
