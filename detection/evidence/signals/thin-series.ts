import type { Sample, Series } from '../../../domain/signal.ts';

/**
 * Series with at most about `most` samples each: beyond that the last sample of each step of a common grid is kept, which leaves counters
 * and histograms exact at the kept times. The input itself where nothing is too long.
 */
export function thinSeries(series: readonly Series[], most = 600): readonly Series[] {
  let longest = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { samples } of series) {
    longest = Math.max(longest, samples.length);
    first = Math.min(first, samples[0]?.[0] ?? first);
    last = Math.max(last, samples.at(-1)?.[0] ?? last);
  }
  if (longest <= 1.5 * most) return series;
  const step = (last - first) / most;
  return series.map((one) => ({ ...one, samples: lastOfSteps(one.samples, first, step) }));
}

function lastOfSteps(samples: readonly Sample[], first: number, step: number): Sample[] {
  const kept: Sample[] = [];
  let current = Number.NaN;
  for (const sample of samples) {
    const bucket = Math.floor((sample[0] - first) / step);
    if (bucket === current) kept[kept.length - 1] = sample;
    else kept.push(sample);
    current = bucket;
  }
  return kept;
}
