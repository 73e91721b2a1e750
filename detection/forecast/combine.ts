import type { PointMethod } from './point-method.ts';

/** A method that could be replayed, with what it would have said at each origin. */
export interface Candidate {
  method: PointMethod;
  replayed: readonly Float64Array[];
}

/**
 * Weights of a combination, adding up to 1. They start from each candidate's error to the power of minus four (weighting by past error: Bates and
 * Granger 1969), candidates that miss alike sharing their say, and move to where the combination itself misses least on the origins, by exponentiated gradient on the simplex (Kivinen and
 * Warmuth, Information and Computation 132, 1997), held to the start by relative entropy, since a few origins say little.
 * `without` leaves one origin out. Cost: rounds x candidates x values compared, at most 400 of them, and candidates squared x values.
 */
export function weighCandidates(
  candidates: readonly Candidate[],
  actual: readonly Float64Array[],
  without = -1,
): Float64Array {
  const start = startWeights(candidates, actual, without);
  const origins = actual.flatMap((_, k) => (k === without ? [] : [k]));
  if (candidates.length < 2 || origins.length < 2) return start;
  const compared = compareAt(candidates, actual, origins, start);
  const weights = start.slice();
  const slopes = new Float64Array(candidates.length);
  for (let round = 0; round < rounds; round += 1) {
    addSlopes(compared, weights, slopes);
    let total = 0;
    for (let i = 0; i < weights.length; i += 1) {
      if (start[i]! < leastStart) weights[i] = 0;
      else weights[i]! *= Math.exp(-rate * (slopes[i]! + hold * Math.log(weights[i]! / start[i]!)));
      total += weights[i]!;
    }
    for (let i = 0; i < weights.length; i += 1) weights[i]! /= total;
  }
  return weights;
}

const rounds = 120;
const rate = 0.4;
/** Strength of the pull to the start, against a loss in units of twice the best candidate's error. */
const hold = 0.2;
/** Candidates that start with less have no say: they would only be noise. */
const leastStart = 1e-4;

/** What is compared: the values that came and what each candidate said, in units that make a miss of each step a relative one. */
interface Compared {
  actual: Float64Array;
  said: Float64Array[];
}

// oxlint-disable-next-line max-params -- who, what came, where, from which weights
function compareAt(
  candidates: readonly Candidate[],
  actual: readonly Float64Array[],
  origins: readonly number[],
  start: Float64Array,
): Compared {
  const positive = origins.every((k) => actual[k]!.every((value) => value > 0));
  const stride = Math.max(1, Math.ceil((origins.length * actual[0]!.length) / 400));
  const came: number[] = [];
  const said: number[][] = candidates.map(() => []);
  let index = 0;
  for (const k of origins)
    for (let h = 0; h < actual[k]!.length; h += 1) {
      if (index++ % stride !== 0) continue;
      came.push(actual[k]![h]!);
      for (const [i, { replayed }] of candidates.entries()) said[i]!.push(replayed[k]![h]!);
    }
  const middle = came.map((_, n) => said.reduce((sum, values, i) => sum + start[i]! * values[n]!, 0));
  const sizes = came.map((value, n) => Math.abs(value) + Math.abs(middle[n]!));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length || 1;
  const units = sizes.map((size) => 2 / (positive && size > 0 ? size : mean));
  let best = Number.POSITIVE_INFINITY;
  for (const values of said)
    best = Math.min(
      best,
      values.reduce((sum, value, n) => sum + Math.abs(value - came[n]!) * units[n]!, 0) / came.length,
    );
  const scale = 1 / Math.max(best, 1e-9);
  return {
    actual: Float64Array.from(came, (value, n) => value * units[n]! * scale),
    said: said.map((values) => Float64Array.from(values, (value, n) => value * units[n]! * scale)),
  };
}

/** How the mean absolute miss of the combination changes with each weight. */
function addSlopes({ actual, said }: Compared, weights: Float64Array, slopes: Float64Array): void {
  const signs = new Float64Array(actual.length);
  for (let i = 0; i < said.length; i += 1)
    if (weights[i]! > 0) for (let n = 0; n < signs.length; n += 1) signs[n]! += weights[i]! * said[i]![n]!;
  for (let n = 0; n < signs.length; n += 1) signs[n] = Math.sign(signs[n]! - actual[n]!) / signs.length;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < said.length; i += 1) {
    let slope = 0;
    if (weights[i]! > 0) for (let n = 0; n < signs.length; n += 1) slope += signs[n]! * said[i]![n]!;
    slopes[i] = slope;
    if (weights[i]! > 0) least = Math.min(least, slope);
  }
  for (let i = 0; i < slopes.length; i += 1) slopes[i]! -= least;
}

/** An error is a symmetric relative miss averaged over origins, so that a method which is only sometimes far off loses weight. */
// oxlint-disable-next-line max-params -- who, what came, which origin not
function startWeights(
  candidates: readonly Candidate[],
  actual: readonly Float64Array[],
  without: number,
): Float64Array {
  const errors = candidates.map(({ replayed }) => {
    let total = 0;
    for (let k = 0; k < actual.length; k += 1) if (k !== without) total += relativeMiss(actual[k]!, replayed[k]!);
    return total / Math.max(1, actual.length - (without >= 0 ? 1 : 0));
  });
  const best = errors.reduce((least, error) => Math.min(least, error), Number.POSITIVE_INFINITY);
  const alike = countAlike(candidates, actual, without);
  const weights = Float64Array.from(
    errors,
    (error, i) => (Math.max(best, 1e-9) / Math.max(error, 1e-9)) ** 4 / alike[i]!,
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * How many candidates miss as each one does, itself included: the fourth powers of the cosines between their misses added up. Six variants of
 * one idea then do not outvote another idea.
 */
function countAlike(candidates: readonly Candidate[], actual: readonly Float64Array[], without: number): Float64Array {
  const misses = candidates.map(({ replayed }) => {
    const all = actual.flatMap((values, k) =>
      k === without ? [] : Array.from(values, (value, h) => (replayed[k]![h]! - value) / (Math.abs(value) || 1)),
    );
    const length = Math.hypot(...all) || 1;
    return Float64Array.from(all, (miss) => miss / length);
  });
  const counts = new Float64Array(candidates.length).fill(1);
  for (let i = 0; i < misses.length; i += 1)
    for (let j = 0; j < i; j += 1) {
      let cosine = 0;
      for (let n = 0; n < misses[i]!.length; n += 1) cosine += misses[i]![n]! * misses[j]![n]!;
      const alike = Math.max(0, cosine) ** 4;
      counts[i]! += alike;
      counts[j]! += alike;
    }
  return counts;
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
