import type { PointMethod } from './point-method.ts';

/** A method that could be replayed, with what it would have said at each origin. */
export interface Candidate {
  method: PointMethod;
  replayed: readonly Float64Array[];
}

/**
 * Weights of a combination: each candidate's error to the power of minus four, adding up to 1. An error is a symmetric relative miss averaged over
 * origins, so that a method which is only sometimes far off loses weight (weighting by past
 * error: Bates and Granger 1969). `without` leaves one origin out.
 */
export function weighCandidates(
  candidates: readonly Candidate[],
  actual: readonly Float64Array[],
  without = -1,
): Float64Array {
  const errors = candidates.map(({ replayed }) => {
    let total = 0;
    for (let k = 0; k < actual.length; k += 1) if (k !== without) total += relativeMiss(actual[k]!, replayed[k]!);
    return total / Math.max(1, actual.length - (without >= 0 ? 1 : 0));
  });
  const best = errors.reduce((least, error) => Math.min(least, error), Number.POSITIVE_INFINITY);
  const weights = Float64Array.from(errors, (error) => (Math.max(best, 1e-9) / Math.max(error, 1e-9)) ** 4);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Candidates whose mean error is at most five times the best one's: one that ran away at an origin has no say, there or elsewhere. */
export function shortlist(candidates: readonly Candidate[], actual: readonly Float64Array[]): Candidate[] {
  const errors = candidates.map(({ replayed }) =>
    actual.reduce((total, values, k) => total + relativeMiss(values, replayed[k]!) / actual.length, 0),
  );
  const best = errors.reduce((least, error) => Math.min(least, error), Number.POSITIVE_INFINITY);
  return candidates.filter((_, i) => errors[i]! <= 5 * best + 1e-9);
}

/** The weighted mean of forecasts, step by step. */
export function blend(forecasts: readonly Float64Array[], weights: Float64Array): Float64Array {
  const result = new Float64Array(forecasts[0]?.length ?? 0);
  for (let i = 0; i < forecasts.length; i += 1)
    for (let h = 0; h < result.length; h += 1) result[h]! += weights[i]! * forecasts[i]![h]!;
  return result;
}

/** Misses of the combination at each origin, its weights learned from the other origins only. */
export function missesOf(candidates: readonly Candidate[], actual: readonly Float64Array[]): Float64Array[] {
  return actual.map((values, k) => {
    const weights = weighCandidates(candidates, actual, actual.length > 2 ? k : -1);
    const said = blend(
      candidates.map(({ replayed }) => replayed[k]!),
      weights,
    );
    return said.map((value, h) => values[h]! - value);
  });
}

/** Symmetric relative miss in [0, 1]: step by step where all values are positive, else over the whole, since near zero a step says nothing. */
function relativeMiss(actual: Float64Array, said: Float64Array): number {
  const positive = actual.every((value) => value > 0);
  let miss = 0;
  let size = 0;
  let steps = 0;
  for (let h = 0; h < actual.length; h += 1) {
    const off = Math.abs(actual[h]! - said[h]!);
    const both = Math.abs(actual[h]!) + Math.abs(said[h]!);
    miss += off;
    size += both;
    if (both > 0) steps += off / both / actual.length;
  }
  return positive ? steps : size === 0 ? 0 : miss / size;
}
