/**
 * Rows of numbers, kept flat. Row-major: cell (r, c) is `values[r * columns + c]`. NaN is a missing value; whoever cannot
 * take one says so. Float32 where millions of cells are held, Float64 where sums must be exact.
 */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array | Float32Array;
}

/** A matrix from rows of equal length. Throws a RangeError when a row differs. Cost: one copy. */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * columns);
  for (let r = 0; r < rows.length; r += 1) {
    const row = rows[r]!;
    if (row.length !== columns) throw new RangeError(`row ${r} has ${row.length} values, the first has ${columns}`);
    values.set(row, r * columns);
  }
  return { rows: rows.length, columns, values };
}

/** One row as a view, without a copy. */
export function rowOf(matrix: Matrix, row: number): Float64Array | Float32Array {
  return matrix.values.subarray(row * matrix.columns, (row + 1) * matrix.columns);
}

/** The named rows, copied in that order. */
export function takeRows(matrix: Matrix, rows: ArrayLike<number>): Matrix {
  const size = rows.length * matrix.columns;
  const values = matrix.values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < rows.length; i += 1) values.set(rowOf(matrix, rows[i]!), i * matrix.columns);
  return { rows: rows.length, columns: matrix.columns, values };
}
