import type { PointMethod } from './point-method.ts';

/** A method that could be replayed, with what it would have said at each origin. */
export interface Candidate {
  method: PointMethod;
  replayed: readonly Float64Array[];
}

/**
 * Weights of a combination, adding up to 1. They start from each candidate's error to the power of minus four (weighting by past error: Bates
 * and Granger 1969), candidates that miss alike sharing their say, and move to where the combination itself misses least on the origins, by
 * exponentiated gradient on the simplex (Kivinen and Warmuth, Information and Computation 132, 1997), held to the start by relative entropy,
 * since a few origins say little. `without` leaves one origin out. Cost: (rounds + candidates) x candidates x values compared, at most 400 of
 * them.
 */
export function weighCandidates(
  candidates: readonly Candidate[],
  actual: readonly Float64Array[],
  without = -1,
): Float64Array {
  const origins = actual.flatMap((_, k) => (k === without ? [] : [k]));
  const own = weightsByError(candidates, actual, origins);
  if (candidates.length < 2 || origins.length === 0) return own;
  const misses = missesAt(candidates, actual, origins, own);
  const start = normalised(own.map((weight, i) => weight / countAlike(misses, i)));
  return origins.length < 2 ? start : descend(misses, start);
}

/** Each candidate's error to the power of minus four. An error is a symmetric relative miss averaged over origins, so that a method which is only sometimes far off loses weight. */
function weightsByError(
  candidates: readonly Candidate[],
  actual: readonly Float64Array[],
  origins: readonly number[],
): Float64Array {
  const errors = candidates.map(({ replayed }) =>
    origins.reduce((total, k) => total + relativeMiss(actual[k]!, replayed[k]!) / origins.length, 0),
  );
  const best = errors.reduce((least, error) => Math.min(least, error), Number.POSITIVE_INFINITY);
  return normalised(Float64Array.from(errors, (error) => (Math.max(best, 1e-9) / Math.max(error, 1e-9)) ** 4));
}

const mostCompared = 400;

/**
 * What each candidate missed by at up to 400 steps of the origins, in units of the mean miss of the best: relative to the size of each step where
 * all values are positive, else to the mean size. Weights add up to 1, so the miss of a combination is the weighted sum of these.
 */
// oxlint-disable-next-line max-params -- who, what came, where, by which weights a step's size is taken
function missesAt(
  candidates: readonly Candidate[],
  actual: readonly Float64Array[],
  origins: readonly number[],
  weights: Float64Array,
): Float64Array[] {
  const steps = origins.flatMap((k) => Array.from(actual[k]!, (_, h) => [k, h] as const));
  const stride = Math.max(1, Math.ceil(steps.length / mostCompared));
  const compared = steps.filter((_, index) => index % stride === 0);
  const came = compared.map(([k, h]) => actual[k]![h]!);
  const said = candidates.map(({ replayed }) => compared.map(([k, h]) => replayed[k]![h]!));
  const sizes = came.map((value, n) => {
    const middle = said.reduce((sum, values, i) => sum + weights[i]! * values[n]!, 0);
    return (Math.abs(value) + Math.abs(middle)) / 2;
  });
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length || 1;
  const positive = origins.every((k) => actual[k]!.every((value) => value > 0));
  const misses = said.map((values) =>
    values.map((value, n) => (value - came[n]!) / (positive && sizes[n]! > 0 ? sizes[n]! : mean)),
  );
  const best = misses.reduce((least, own) => Math.min(least, meanSize(own)), Number.POSITIVE_INFINITY);
  return misses.map((own) => Float64Array.from(own, (miss) => miss / Math.max(best, 1e-9)));
}

/**
 * How many candidates miss as this one does, itself included: the fourth powers of the cosines between their misses added up. Six variants of
 * one idea then do not outvote another idea.
 */
function countAlike(misses: readonly Float64Array[], index: number): number {
  return misses.reduce(
    (count, other, i) => count + (i === index ? 1 : Math.max(0, cosine(misses[index]!, other)) ** 4),
    0,
  );
}

const rounds = 120;
const rate = 0.4;
/** Strength of the pull to the start, against a loss in units of the best candidate's. */
const hold = 0.2;
/** Candidates that start with less have no say: they would only be noise. */
const leastStart = 1e-4;

function descend(misses: readonly Float64Array[], start: Float64Array): Float64Array {
  let weights = normalised(start.map((weight) => (weight < leastStart ? 0 : weight)));
  for (let round = 0; round < rounds; round += 1) {
    const signs = new Float64Array(misses[0]!.length);
    for (const [i, own] of misses.entries())
      if (weights[i]! > 0) for (let n = 0; n < signs.length; n += 1) signs[n]! += weights[i]! * own[n]!;
    for (let n = 0; n < signs.length; n += 1) signs[n] = Math.sign(signs[n]!) / signs.length;
    const slopes = misses.map((own, i) => (weights[i]! > 0 ? dot(signs, own) : Number.POSITIVE_INFINITY));
    const least = slopes.reduce((low, slope) => Math.min(low, slope), Number.POSITIVE_INFINITY);
    weights = normalised(
      weights.map((weight, i) =>
        weight > 0 ? weight * Math.exp(-rate * (slopes[i]! - least + hold * Math.log(weight / start[i]!))) : 0,
      ),
    );
  }
  return weights;
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function meanSize(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < left.length; n += 1) sum += left[n]! * right[n]!;
  return sum;
}

function cosine(left: Float64Array, right: Float64Array): number {
  const lengths = Math.sqrt(dot(left, left) * dot(right, right));
  return lengths === 0 ? 0 : dot(left, right) / lengths;
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
export function relativeMiss(actual: Float64Array, said: Float64Array): number {
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
