import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Matrix } from '../matrix.ts';

/** Value bins of a column at most; one more code is kept for missing values. */
export const maxBins = 255;
/** Cuts are quantiles of at most this many evenly spaced rows. */
const sampledRows = 20_000;

/** Where each column is cut. Bin b holds the values in (cuts[b-1], cuts[b]]; a categorical column's bin is its code. */
export interface ColumnCuts {
  readonly columns: number;
  /** Value bins of each column; the code of a missing value is this number. */
  readonly binCounts: Int32Array;
  /** First histogram bin of each column, and the total at the end; each column takes one bin more for missing values. */
  readonly offsets: Int32Array;
  readonly cuts: readonly Float32Array[];
  readonly categorical: Uint8Array;
}

/**
 * Quantile cuts of each column (float32, half-way between neighbouring values), at most 254. Columns named in `categorical` hold whole
 * numbers in [0, 253] or NaN; throws INPUT_INVALID otherwise. Infinite values are taken as the largest floats.
 */
export function cutColumns(rows: Matrix, categorical: readonly number[] = []): ColumnCuts {
  const { columns } = rows;
  const binCounts = new Int32Array(columns);
  const flags = new Uint8Array(columns);
  for (const column of categorical) flags[column] = 1;
  const step = Math.max(1, Math.floor(rows.rows / sampledRows));
  const sample = new Float32Array(Math.ceil(rows.rows / step));
  const cuts: Float32Array[] = [];
  for (let column = 0; column < columns; column += 1) {
    if (flags[column] === 1) {
      cuts.push(new Float32Array(0));
      binCounts[column] = countCodes(rows, column);
      continue;
    }
    let kept = 0;
    for (let row = 0; row < rows.rows; row += step) {
      const value = rows.values[row * columns + column]!;
      if (!Number.isNaN(value)) sample[kept++] = value;
    }
    const found = quantileCuts(sample.subarray(0, kept).sort());
    cuts.push(found);
    binCounts[column] = found.length + 1;
  }
  const offsets = new Int32Array(columns + 1);
  for (let column = 0; column < columns; column += 1) offsets[column + 1] = offsets[column]! + binCounts[column]! + 1;
  return { columns, binCounts, offsets, cuts, categorical: flags };
}

/** Values of a column to the codes of its bins. `values` are float32; a category beyond those seen in training counts as missing. */
export function binValues(cuts: ColumnCuts, column: number, values: Float32Array, into: Uint8Array): void {
  const edges = cuts.cuts[column]!;
  const missing = cuts.binCounts[column]!;
  if (cuts.categorical[column] === 1) {
    for (let row = 0; row < values.length; row += 1) {
      const code = values[row]!;
      into[row] = code >= 0 && code < missing ? code : missing;
    }
    return;
  }
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (edges[middle]! < value) low = middle + 1;
      else high = middle;
    }
    into[row] = Number.isNaN(value) ? missing : low;
  }
}

/** One column as float32, copied out of a row-major matrix. */
export function columnOf(rows: Matrix, column: number, into = new Float32Array(rows.rows)): Float32Array {
  const { values, columns } = rows;
  for (let row = 0, at = column; row < rows.rows; row += 1, at += columns) into[row] = values[at]!;
  return into;
}

function quantileCuts(sorted: Float32Array): Float32Array {
  if (sorted.length === 0) return new Float32Array(0);
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (value === distinct.at(-1)) counts[counts.length - 1]! += 1;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  const cuts: number[] = [];
  let left = sorted.length;
  let wanted = Math.min(maxBins, distinct.length);
  let held = 0;
  for (let index = 0; index + 1 < distinct.length && wanted > 1; index += 1) {
    held += counts[index]!;
    // a frequent value fills a bin alone; what is left is shared evenly among the bins that are left
    if (distinct.length - index - 1 > wanted - 1 && held < left / wanted) continue;
    cuts.push(between(distinct[index]!, distinct[index + 1]!));
    left -= held;
    held = 0;
    wanted -= 1;
  }
  return Float32Array.from(cuts);
}

/** A float32 in [low, high): half-way, where float32 has such a number. */
function between(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
}

function countCodes(rows: Matrix, column: number): number {
  let largest = 0;
  for (let row = 0; row < rows.rows; row += 1) {
    const code = rows.values[row * rows.columns + column]!;
    if (Number.isNaN(code)) continue;
    if (!Number.isInteger(code) || code < 0 || code >= maxBins - 1)
      throw new CerebroError(
        'INPUT_INVALID',
        `column ${column} is categorical and holds ${code}; codes are whole numbers in [0, 253]`,
      );
    largest = Math.max(largest, code);
  }
  return largest + 1;
}
