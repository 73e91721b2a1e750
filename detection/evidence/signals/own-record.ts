import type { Sample } from '../../../domain/signal.ts';
import { quantileOfSorted } from './robust-statistics.ts';

/** So many times as long as nearly all steps between samples, a step is a hole: what lies beyond it is another record. */
const holeOfSteps = 6;

/**
 * The index of the first sample of the unbroken record that reaches up to index `until` (not included): the sample after the last hole before
 * it, 0 where there is none. Across a hole the load, the versions, even the machines may have changed. Cost linear but for sorting.
 */
export function ownRecord(samples: readonly Sample[], until: number): number {
  const longest = longestStep(samples.map(([at]) => at));
  for (let index = Math.min(until, samples.length - 1); index > 0; index -= 1)
    if (samples[index]![0] - samples[index - 1]![0] > longest) return index;
  return 0;
}

/** The longest step between read times, in milliseconds, that is no hole: six times the 90 % quantile. Infinite where there are few. */
export function longestStep(times: readonly number[]): number {
  if (times.length < 8) return Number.POSITIVE_INFINITY;
  const steps = times.slice(1).map((at, index) => at - times[index]!);
  return (
    holeOfSteps *
    quantileOfSorted(
      steps.toSorted((left, right) => left - right),
      0.9,
    )
  );
}
