import type { Sample } from '../../../domain/signal.ts';
import type { Derived } from './derived-series.ts';
import { sum } from './robust-statistics.ts';
import type { Spans } from './shift.ts';

/**
 * Joins intervals until about six calls stand behind each (while six baseline intervals remain), so that rare calls do not look like noise.
 * Never across a hole in the record.
 */
export function rebinSamples(
  derived: Derived,
  spans: Spans,
): { samples: readonly Sample[]; weights: readonly number[] | undefined } {
  const { samples, weights } = derived;
  if (weights === undefined || samples.length < 12) return { samples, weights };
  const inBaseline = samples.filter(([at]) => at >= spans.baseline[0] && at < spans.baseline[1]).length;
  const mean = sum(weights) / weights.length;
  const factor = Math.max(1, Math.min(Math.floor(inBaseline / 6), Math.ceil(6 / Math.max(0.01, mean))));
  if (factor === 1) return { samples, weights };
  const parted = (at: number): boolean =>
    spans.own !== undefined && samples[at]![0] >= spans.own && samples[at - 1]![0] < spans.own;
  const joined: Sample[] = [];
  const joinedWeights: number[] = [];
  for (let index = samples.length; index > 0;) {
    let from = index - 1;
    while (from > 0 && index - from < factor && !parted(from)) from -= 1;
    const group = samples.slice(from, index);
    const groupWeights = weights.slice(from, index);
    const total = sum(groupWeights);
    const perCall = derived.unit !== 'per-second';
    const value =
      perCall && total > 0
        ? sum(group.map(([, one], at) => one * groupWeights[at]!)) / total
        : sum(group.map(([, one]) => one)) / group.length;
    joined.unshift([group[0]![0], value]);
    joinedWeights.unshift(total);
    index = from;
  }
  return { samples: joined, weights: joinedWeights };
}
