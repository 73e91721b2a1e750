import type { Sample } from '../../../domain/signal.ts';
import { lowerBoundOfTime } from './counter-deltas.ts';
import type { Derived } from './derived-series.ts';

/** One series of two: at each sample of the first, with the value of the second nearest in time; samples without a result are left out. */
export function combine(
  top: Derived,
  bottom: Derived,
  changes: Partial<Derived>,
  of: (top: number, bottom: number) => number | undefined,
): Derived {
  const samples: Sample[] = [];
  const weights: number[] = [];
  for (const [index, [at, value]] of top.samples.entries()) {
    const other = nearest(bottom.samples, at);
    const result = other === undefined ? undefined : of(value, other);
    if (result === undefined || !Number.isFinite(result)) continue;
    samples.push([at, result]);
    weights.push(top.weights?.[index] ?? 1);
  }
  const made: Derived = { ...top, ...changes, samples };
  delete made.reasons;
  if (top.weights === undefined) delete made.weights;
  else made.weights = weights;
  return made;
}

/** The value nearest in time, at most two of the series' steps away. */
export function nearest(samples: readonly Sample[], at: number): number | undefined {
  const step = samples.length > 1 ? (samples.at(-1)![0] - samples[0]![0]) / (samples.length - 1) : 60_000;
  const index = lowerBoundOfTime(samples, at);
  let best: Sample | undefined;
  for (const candidate of [samples[index - 1], samples[index]]) {
    if (candidate !== undefined && (best === undefined || Math.abs(candidate[0] - at) < Math.abs(best[0] - at)))
      best = candidate;
  }
  return best === undefined || Math.abs(best[0] - at) > 2 * step ? undefined : best[1];
}
