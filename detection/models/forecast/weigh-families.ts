import { blend, relativeMiss } from './combine.ts';

/** A family of methods that has one say: what it would have said at each origin, undefined where too little was known. */
export type FamilyReplay = readonly (Float64Array | undefined)[];

/**
 * Weights of families, adding up to 1: their mean error at the origins where all could speak, to the power of minus four (Bates and Granger
 * 1969). The first family, which always speaks, has all where there is no such origin. Families miss for reasons of their own (a series by
 * itself, trees over profiles, a network over values), so near equals share their say instead of one of them being chosen. `without` leaves one origin out.
 */
export function weighFamilies(
  families: readonly FamilyReplay[],
  actual: readonly Float64Array[],
  without = -1,
): Float64Array {
  const origins = actual.flatMap((_, k) =>
    k !== without && families.every((family) => family[k] !== undefined) ? [k] : [],
  );
  if (origins.length === 0) return Float64Array.from(families, (_, i) => (i === 0 ? 1 : 0));
  const errors = families.map((family) =>
    origins.reduce((sum, k) => sum + relativeMiss(actual[k]!, family[k]!) / origins.length, 0),
  );
  const best = errors.reduce((least, error) => Math.min(least, error), Number.POSITIVE_INFINITY);
  const shares = errors.map((error) => (Math.max(best, 1e-9) / Math.max(error, 1e-9)) ** 4);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return Float64Array.from(shares, (share) => share / whole);
}

/**
 * What the families say together: the weighted mean of logarithms where the series was always positive and so is all that they say of a step,
 * since misses are then measured relative to what came; else the weighted mean.
 */
export function blendFamilies(
  points: readonly Float64Array[],
  weights: Float64Array,
  { positive }: { positive: boolean },
): Float64Array {
  const plain = blend(points, weights);
  if (!positive) return plain;
  return plain.map((mean, h) => {
    const said = points.map((values) => values[h]!);
    return said.every((value) => value > 0)
      ? Math.exp(said.reduce((sum, value, i) => sum + weights[i]! * Math.log(value), 0))
      : mean;
  });
}

/** Misses of the families together at each origin, their weights learned from the other origins, those that could not speak there left out. */
export function missesOfFamilies(
  families: readonly FamilyReplay[],
  actual: readonly Float64Array[],
  kind: { positive: boolean },
): Float64Array[] {
  return actual.map((came, k) => {
    const speaking = families.filter((family) => family[k] !== undefined);
    const weights = weighFamilies(speaking, actual, actual.length > 2 ? k : -1);
    const said = blendFamilies(
      speaking.map((family) => family[k]!),
      weights,
      kind,
    );
    return said.map((value, h) => came[h]! - value);
  });
}
