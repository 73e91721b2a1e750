import { choleskySolve } from '../../detection/models/forecast/least-squares.ts';

/** One incident as the fit sees it: a row of features for each alternative ("none of these" is the last), which are right, and its weight. */
export interface FitCase {
  rows: readonly Float64Array[];
  right: readonly boolean[];
  weight: number;
}

export interface FitOptions {
  /** Strength of the pull toward `toward`, in cases. */
  ridge: number;
  /** What weights are pulled toward. */
  toward: readonly number[];
  /** 1: never below zero; -1: never above; 0: free. */
  signs: readonly (1 | -1 | 0)[];
  /** Where to start; that which is pulled toward without. */
  from?: ArrayLike<number>;
}

/**
 * Weights of a conditional log-linear model (McFadden 1974) over the alternatives of each case, several of which may be right: maximises the
 * log of their joint probability, with ridge shrinkage and sign constraints. Projected Newton steps on a bound that keeps the posterior of the
 * right ones fixed (so each step descends), with halving; deterministic. Cases without a right alternative teach nothing and are left out.
 */
export function fitLikelihood(cases: readonly FitCase[], options: FitOptions): Float64Array {
  const { ridge, toward, signs } = options;
  const usable = cases.filter(({ right }) => right.includes(true) && right.includes(false));
  const clip = (value: number, at: number): number =>
    signs[at] === 1 ? Math.max(0, value) : signs[at] === -1 ? Math.min(0, value) : value;
  let weights = Float64Array.from(options.from ?? toward, clip);
  let loss = lossOf(usable, weights, options);
  for (let round = 0; round < 60; round += 1) {
    const { gradient, curvature } = slopesOf(usable, weights, options);
    const free = [...weights.keys()].filter(
      (at) => !(weights[at] === 0 && signs[at] !== 0 && (gradient[at] ?? 0) * (signs[at] ?? 0) > 0),
    );
    const matrix = Float64Array.from(
      free.flatMap((row) =>
        free.map((column) => (curvature[row]?.[column] ?? 0) + (row === column ? ridge + 1e-6 : 0)),
      ),
    );
    const step = choleskySolve(
      matrix,
      Float64Array.from(free, (at) => gradient[at] ?? 0),
      free.length,
    );
    let size = 1;
    let moved = false;
    for (; size > 1e-4; size /= 2) {
      const next = Float64Array.from(weights);
      for (const [index, at] of free.entries()) next[at] = clip((weights[at] ?? 0) - size * (step[index] ?? 0), at);
      const nextLoss = lossOf(usable, next, options);
      if (nextLoss < loss - 1e-9) {
        moved = loss - nextLoss > 1e-6 * (1 + loss);
        [weights, loss] = [next, nextLoss];
        break;
      }
    }
    if (!moved) break;
  }
  return weights;
}

/** The probability of each alternative. */
export function probabilitiesOf(rows: readonly Float64Array[], weights: Float64Array): number[] {
  const scores = rows.map((row) => dot(row, weights));
  const top = Math.max(...scores);
  const masses = scores.map((score) => Math.exp(score - top));
  const all = masses.reduce((total, mass) => total + mass, 0);
  return masses.map((mass) => mass / all);
}

/** The mean over cases, by weight, of minus the log of the probability of what is right. */
export function logLossOf(cases: readonly FitCase[], weights: Float64Array): number {
  let [total, count] = [0, 0];
  for (const { rows, right, weight } of cases) {
    if (!right.includes(true)) continue;
    const mass = probabilitiesOf(rows, weights).reduce((sum, p, at) => sum + (right[at] === true ? p : 0), 0);
    total -= weight * Math.log(Math.max(mass, 1e-6));
    count += weight;
  }
  return count === 0 ? 0 : total / count;
}

function lossOf(cases: readonly FitCase[], weights: Float64Array, { ridge, toward }: FitOptions): number {
  let loss = 0;
  for (const [at, value] of weights.entries()) loss += 0.5 * ridge * (value - (toward[at] ?? 0)) ** 2;
  for (const { rows, right, weight } of cases) {
    const mass = probabilitiesOf(rows, weights).reduce((sum, p, at) => sum + (right[at] === true ? p : 0), 0);
    loss -= weight * Math.log(Math.max(mass, 1e-300));
  }
  return loss;
}

function slopesOf(
  cases: readonly FitCase[],
  weights: Float64Array,
  { ridge, toward }: FitOptions,
): { gradient: Float64Array; curvature: Float64Array[] } {
  const size = weights.length;
  const gradient = Float64Array.from(weights, (value, at) => ridge * (value - (toward[at] ?? 0)));
  const curvature = Array.from({ length: size }, () => new Float64Array(size));
  for (const { rows, right, weight } of cases) {
    const all = probabilitiesOf(rows, weights);
    const mass = all.reduce((sum, p, at) => sum + (right[at] === true ? p : 0), 0);
    const mean = new Float64Array(size);
    for (const [at, row] of rows.entries()) {
      const p = all[at] ?? 0;
      const pull = p - (right[at] === true ? p / Math.max(mass, 1e-300) : 0);
      for (let one = 0; one < size; one += 1) {
        gradient[one]! += weight * pull * row[one]!;
        mean[one]! += p * row[one]!;
      }
      if (p > 1e-6) addSquare(curvature, row, weight * p);
    }
    addSquare(curvature, mean, -weight);
  }
  for (const [one, line] of curvature.entries())
    for (let other = 0; other < one; other += 1) curvature[other]![one] = line[other]!;
  return { gradient, curvature };
}

function dot(row: Float64Array, weights: Float64Array): number {
  let total = 0;
  for (let at = 0; at < weights.length; at += 1) total += (row[at] ?? 0) * (weights[at] ?? 0);
  return total;
}

/** Adds a vector times itself to the lower triangle of a matrix. */
function addSquare(matrix: readonly Float64Array[], vector: Float64Array, scale: number): void {
  for (let one = 0; one < vector.length; one += 1) {
    const scaled = scale * vector[one]!;
    if (scaled === 0) continue;
    const line = matrix[one]!;
    for (let other = 0; other <= one; other += 1) line[other]! += scaled * vector[other]!;
  }
}
