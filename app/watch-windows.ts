import { stepOf } from '../detection/lifecycle/features/frame.ts';
import type { Windows } from '../detection/evidence/signals/detect-anomalies.ts';
import type { Series } from '../domain/signal.ts';
import { isoOf } from '../infra/runtime/clock.ts';
import { seriesKeyOf } from '../tools/sources/series-order.ts';
import { type ReadTimes, tooLong } from './watch-silences.ts';

/** So many series tell how often samples come. */
const toldBy = 200;

/** The usual time between two samples: the median over (some of the) series of their most frequent distance, milliseconds; 0 while no series has two. */
export function usualStepOf(items: readonly Series[]): number {
  const every = Math.max(1, Math.floor(items.length / toldBy));
  const steps = items
    .filter(({ samples }, index) => index % every === 0 && samples.length > 1)
    .map(({ samples }) => stepOf(Float64Array.from(samples, ([at]) => at)))
    .sort((left, right) => left - right);
  return Math.round(steps[Math.floor(steps.length / 2)] ?? 0);
}

/**
 * Since when what the entities show can be compared, by when each was read (see `readTimes`): the first time after the latest stretch that began before
 * `startedAt` and in which nothing at all was read, for then nobody looked, and what lies before is not "the minutes before"; the first time where there
 * is no such stretch. NaN where nothing was read.
 */
export function comparableSince(reads: ReadTimes, stepMs: number, startedAt: number): number {
  let first = Number.NaN;
  const early: number[] = [];
  let afterwards = Number.POSITIVE_INFINITY;
  for (const times of reads.values()) {
    if (times.length > 0 && !(times[0]! >= first)) first = times[0]!;
    for (const at of times) {
      if (at < startedAt) early.push(at);
      else {
        afterwards = Math.min(afterwards, at);
        break;
      }
    }
  }
  if (early.length === 0) return first;
  const times = Float64Array.from(early).sort();
  let next = afterwards;
  for (let index = times.length - 1; index >= 0; index -= 1) {
    if (Number.isFinite(next) && next - times[index]! > tooLong(stepMs)) return next;
    next = times[index]!;
  }
  return first;
}

/** Baseline up to `to`, observed from `observedFrom`, all in milliseconds. */
export function windowsOf(baseline: readonly [from: number, to: number], observed: readonly [number, number]): Windows {
  return {
    baseline: { from: isoOf(baseline[0]), to: isoOf(baseline[1]) },
    observed: { from: isoOf(observed[0]), to: isoOf(observed[1]) },
  };
}

/** Series of an earlier stretch with what the recent ones show from `from` (milliseconds) on; what only one of them holds is kept. */
export function joinStretches(before: readonly Series[], recent: readonly Series[], from: number): Series[] {
  const joined = new Map(before.map((one) => [seriesKeyOf(one), one]));
  for (const one of recent) {
    const samples = one.samples.filter(([at]) => at >= from);
    const key = seriesKeyOf(one);
    const earlier = joined.get(key)?.samples ?? [];
    if (samples.length + earlier.length > 0) joined.set(key, { ...one, samples: [...earlier, ...samples] });
  }
  return [...joined.values()];
}
