import { EigenvalueDecomposition, Matrix as DenseMatrix } from 'ml-matrix';
import type { Matrix } from '../matrix.ts';

/** Means and deviations of columns, from training rows, missing values aside; a column that never changes has deviation 0. */
export interface Scaling {
  means: number[];
  deviations: number[];
}

/** Values are cut at this many deviations, so that one wild sample is not the whole score. */
export const cut = 10;
/** A column that never changed in training: each hundredth of change counts as a tenth of a deviation. */
const constantUnit = 0.1;

export function fitScaling(rows: Matrix): Scaling {
  const { columns, values } = rows;
  const means = Array.from({ length: columns }, () => 0);
  const squares = Array.from({ length: columns }, () => 0);
  const counts = Array.from({ length: columns }, () => 0);
  for (let at = 0; at < values.length; at += 1) if (Number.isFinite(values[at]!)) counts[at % columns]! += 1;
  for (let at = 0; at < values.length; at += 1)
    if (Number.isFinite(values[at]!)) means[at % columns]! += values[at]! / counts[at % columns]!;
  for (let at = 0; at < values.length; at += 1)
    if (Number.isFinite(values[at]!))
      squares[at % columns]! += (values[at]! - means[at % columns]!) ** 2 / counts[at % columns]!;
  return { means, deviations: squares.map((square) => (square < 1e-12 ? 0 : Math.sqrt(square))) };
}

/** Rows in training deviations, cut at ten; missing values lie at the mean. */
export function scaleRows(rows: Matrix, { means, deviations }: Scaling): Matrix {
  const values = Float64Array.from(rows.values, (value, at) => {
    if (!Number.isFinite(value)) return 0;
    const column = at % rows.columns;
    return Math.max(-cut, Math.min(cut, (value - means[column]!) / unitOf(deviations[column]!)));
  });
  return { ...rows, values };
}

/** What a column is divided by. */
export function unitOf(deviation: number): number {
  return deviation > 0 ? deviation : constantUnit;
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
    for (let at = 0; at < size; at += 1) gap[at] = rows.values[start * rows.columns + at]! - model.means[at]!;
    leaveOut(gap, directions);
    let total = 0;
    for (let at = 0; at < size; at += 1) total += gap[at]! * gap[at]!;
    residuals[start] = total;
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

/**
 * What `windowResiduals` of one row is made of, by cell of `rows`: a window's is the sum of squares of what the kept directions leave of it (contributions to the
 * squared prediction error: Alcala & Qin, J. Process Control 2011), so that the cells add up to the row's.
 */
export function residualCells(rows: Matrix, model: WindowPca, row: number): Float64Array {
  const directions = model.directions.map((direction) => Float64Array.from(direction));
  return meanOverWindows(rows, model.window, row, (from) => {
    const gap = Float64Array.from(model.means, (mean, at) => rows.values[from + at]! - mean);
    leaveOut(gap, directions);
    return gap.map((own) => own * own);
  });
}

/**
 * Takes what lies along orthonormal directions out of a vector. The difference of squared lengths would be the same on paper, and for a window that the directions hold
 * nearly whole it would be made of the last digits.
 */
function leaveOut(vector: Float64Array, directions: readonly Float64Array[]): void {
  for (const direction of directions) {
    let along = 0;
    for (let at = 0; at < vector.length; at += 1) along += direction[at]! * vector[at]!;
    for (let at = 0; at < vector.length; at += 1) vector[at]! -= along * direction[at]!;
  }
}

/** The same of `windowEnergy`: squares of the cells. */
export function energyCells(rows: Matrix, window: number, row: number): Float64Array {
  const size = window * rows.columns;
  return meanOverWindows(rows, window, row, (from) =>
    Float64Array.from(rows.values.subarray(from, from + size), (value) => value * value),
  );
}

/** Mean of the cells of the windows that hold a row, by where they stand in `rows`; `cellsAt` takes the place of a window's first cell. */
function meanOverWindows(
  rows: Matrix,
  window: number,
  row: number,
  cellsAt: (from: number) => Float64Array,
): Float64Array {
  const all = new Float64Array(rows.values.length);
  const first = Math.max(0, row - window + 1);
  const last = Math.min(rows.rows - window, row);
  for (let start = first; start <= last; start += 1) {
    const from = start * rows.columns;
    for (const [at, part] of cellsAt(from).entries()) all[from + at]! += part / (last - first + 1);
  }
  return all;
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
