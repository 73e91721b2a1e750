import { CerebroError } from '../../../infra/runtime/errors.ts';
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
  const sample = new Float32Array(Math.ceil(rows.rows / step) * blockColumns);
  const cuts: Float32Array[] = [];
  for (let column = 0; column < columns; column += 1) {
    const count = sample.length / blockColumns;
    if (column % blockColumns === 0) copyColumns(rows, { from: column, step }, sample);
    const codes = flags[column] === 1 ? countCodes(rows, column) : 0;
    // typed arrays sort NaN to the end
    const sorted = sample.subarray((column % blockColumns) * count, ((column % blockColumns) + 1) * count).sort();
    const found = codes > 0 ? new Float32Array(0) : quantileCuts(withoutMissing(sorted));
    cuts.push(found);
    binCounts[column] = codes > 0 ? codes : found.length + 1;
  }
  const offsets = new Int32Array(columns + 1);
  for (let column = 0; column < columns; column += 1) offsets[column + 1] = offsets[column]! + binCounts[column]! + 1;
  return { columns, binCounts, offsets, cuts, categorical: flags };
}

/** Values of a column to the codes of its bins, as the training threads do it (`binCounts` of the column for a missing value). */
export function binValues(cuts: ColumnCuts, column: number, values: Float32Array, into: Uint8Array): void {
  const edges = cuts.cuts[column]!;
  const missing = cuts.binCounts[column]!;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value > edges[middle]!) low = middle + 1;
      else high = middle;
    }
    into[row] = Number.isNaN(value) ? missing : low;
  }
}

/** Columns that are copied out of a row-major matrix together, so that a row's cache line is read once for all of them. */
export const blockColumns = 8;

/** The block of columns from `from` on, of every `step`-th row, as float32, column after column. Returns how many rows each has. */
export function copyColumns(rows: Matrix, block: { from: number; step: number }, into: Float32Array): number {
  const { values, columns } = rows;
  const width = Math.min(blockColumns, columns - block.from);
  const count = Math.ceil(rows.rows / block.step);
  for (let row = 0, at = block.from; row < count; row += 1, at += columns * block.step)
    for (let k = 0; k < width; k += 1) into[k * count + row] = values[at + k]!;
  return count;
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

function withoutMissing(sorted: Float32Array): Float32Array {
  let end = sorted.length;
  while (end > 0 && Number.isNaN(sorted[end - 1]!)) end -= 1;
  return sorted.subarray(0, end);
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
