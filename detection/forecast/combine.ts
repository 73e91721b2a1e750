import type { PointMethod } from './point-method.ts';

/** A method that could be replayed, with what it would have said at each origin. */
export interface Candidate {
  method: PointMethod;
  replayed: readonly Float64Array[];
}

/**
 * Weights of a combination: each candidate's error to the power of minus four, adding up to 1. An error is the sum of absolute misses over the
 * sum of absolute values of both, averaged over origins, so that a method which is only sometimes far off loses weight (weighting by past
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

function relativeMiss(actual: Float64Array, said: Float64Array): number {
  let miss = 0;
  let size = 0;
  for (let h = 0; h < actual.length; h += 1) {
    miss += Math.abs(actual[h]! - said[h]!);
    size += Math.abs(actual[h]!) + Math.abs(said[h]!);
  }
  return size === 0 ? 0 : miss / size;
}
