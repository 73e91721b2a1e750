import { EigenvalueDecomposition, Matrix as DenseMatrix } from 'ml-matrix';
import type { Matrix } from '../matrix.ts';

/** Means and deviations of columns, from training rows; a column that never changes has deviation 0. */
export interface Scaling {
  means: number[];
  deviations: number[];
}

/** Values are cut at this many deviations, so that one wild sample is not the whole score. */
const cut = 10;
/** A column that never changed in training: each hundredth of change counts as a tenth of a deviation. */
const constantUnit = 0.1;

export function fitScaling(rows: Matrix): Scaling {
  const { columns, values } = rows;
  const means = Array.from({ length: columns }, () => 0);
  const squares = Array.from({ length: columns }, () => 0);
  for (let at = 0; at < values.length; at += 1) means[at % columns]! += values[at]! / rows.rows;
  for (let at = 0; at < values.length; at += 1)
    squares[at % columns]! += (values[at]! - means[at % columns]!) ** 2 / rows.rows;
  return { means, deviations: squares.map((square) => (square < 1e-12 ? 0 : Math.sqrt(square))) };
}

/** Rows in training deviations, cut at ten; missing values lie at the mean. */
export function scaleRows(rows: Matrix, { means, deviations }: Scaling): Matrix {
  const values = Float64Array.from(rows.values, (value, at) => {
    if (!Number.isFinite(value)) return 0;
    const column = at % rows.columns;
    const gap = value - means[column]!;
    const unit = deviations[column]! > 0 ? deviations[column]! : constantUnit;
    return Math.max(-cut, Math.min(cut, gap / unit));
  });
  return { ...rows, values };
}

/** Each row less the one before it; the first is 0. */
export function changesOf(rows: Matrix): Matrix {
  const values = Float64Array.from(rows.values, (value, at) =>
    at < rows.columns ? 0 : value - rows.values[at - rows.columns]!,
  );
  return { ...rows, values };
}

/** Directions of the largest variance of windows of `window` rows. */
export interface WindowPca {
  window: number;
  means: number[];
  /** Kept directions, each of window x columns numbers, row by row. */
  directions: number[][];
}

/** At most this many windows are looked at; more are taken evenly. */
const mostWindows = 4_000;

/** Principal components of windows (Jolliffe 2002) that hold the `explained` share of the variance. O(windows * d^2 + d^3), d = window * columns. */
export function fitWindowPca(rows: Matrix, window: number, explained: number): WindowPca {
  const size = window * rows.columns;
  const starts = rows.rows - window + 1;
  const stride = Math.max(1, Math.ceil(starts / mostWindows));
  const taken: number[] = [];
  for (let start = 0; start < starts; start += stride) taken.push(start);
  const means = Array.from({ length: size }, () => 0);
  for (const start of taken)
    for (let at = 0; at < size; at += 1) means[at]! += rows.values[start * rows.columns + at]! / taken.length;
  const covariance = new Float64Array(size * size);
  const gap = new Float64Array(size);
  for (const start of taken) {
    for (let at = 0; at < size; at += 1) gap[at] = rows.values[start * rows.columns + at]! - means[at]!;
    for (let left = 0; left < size; left += 1)
      for (let right = left; right < size; right += 1)
        covariance[left * size + right]! += (gap[left]! * gap[right]!) / taken.length;
  }
  const dense = DenseMatrix.zeros(size, size);
  for (let left = 0; left < size; left += 1) {
    for (let right = left; right < size; right += 1) {
      dense.set(left, right, covariance[left * size + right]!);
      dense.set(right, left, covariance[left * size + right]!);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(dense, { assumeSymmetric: true });
  const order = [...realEigenvalues.keys()].sort((left, right) => realEigenvalues[right]! - realEigenvalues[left]!);
  const total = realEigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0);
  const directions: number[][] = [];
  let held = 0;
  for (const at of order) {
    if (held >= explained * total) break;
    held += Math.max(0, realEigenvalues[at]!);
    directions.push(Array.from({ length: size }, (_, row) => eigenvectorMatrix.get(row, at)));
  }
  return { window, means, directions };
}

/** Squared distance of each window from the kept directions, given to each row as the mean over the windows that hold it. */
export function windowResiduals(rows: Matrix, model: WindowPca): Float64Array {
  const size = model.window * rows.columns;
  const gap = new Float64Array(size);
  const starts = rows.rows - model.window + 1;
  const directions = model.directions.map((direction) => Float64Array.from(direction));
  const residuals = new Float64Array(Math.max(0, starts));
  for (let start = 0; start < starts; start += 1) {
    let total = 0;
    for (let at = 0; at < size; at += 1) {
      const value = rows.values[start * rows.columns + at]! - model.means[at]!;
      gap[at] = value;
      total += value * value;
    }
    for (const direction of directions) {
      let along = 0;
      for (let at = 0; at < size; at += 1) along += direction[at]! * gap[at]!;
      total -= along * along;
    }
    residuals[start] = Math.max(0, total);
  }
  return overRows(residuals, rows.rows, model.window);
}

/** Sum of squares of each window of scaled rows, given to each row as the mean over the windows that hold it. */
export function windowEnergy(rows: Matrix, window: number): Float64Array {
  const energy = new Float64Array(rows.rows);
  for (let at = 0; at < rows.values.length; at += 1) energy[Math.floor(at / rows.columns)]! += rows.values[at]! ** 2;
  const starts = Math.max(0, rows.rows - window + 1);
  const sums = Float64Array.from({ length: starts }, (_, start) => {
    let sum = 0;
    for (let row = start; row < start + window; row += 1) sum += energy[row]!;
    return sum;
  });
  return overRows(sums, rows.rows, window);
}

function overRows(windows: Float64Array, rows: number, window: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const from = Math.max(0, row - window + 1);
    const to = Math.min(windows.length - 1, row);
    let sum = 0;
    for (let start = from; start <= to; start += 1) sum += windows[start]!;
    return to < from ? 0 : sum / (to - from + 1);
  });
}
