import type { Matrix } from './matrix.ts';

/** Rows that need not be in memory: a file, or a view over one. They do not change while they are read. */
export interface StoredRows {
  readonly rows: number;
  readonly columns: number;
  /** Copies rows [from, from + count) to the start of `into`, row-major, as float32. Any order, any number of times. */
  read(from: number, count: number, into: Float32Array): void;
}

/** Cells of a block: a megabyte, which passes through the second cache. */
const blockCells = 2 ** 18;

/** A matrix as stored rows; nothing is copied before it is read. */
export function storedRowsOf({ rows, columns, values }: Matrix): StoredRows {
  return {
    rows,
    columns,
    read: (from, count, into) => {
      const part = values.subarray(from * columns, (from + count) * columns);
      if (part instanceof Float32Array) into.set(part);
      // a loop of its own: `set` between arrays of different types is several times slower in V8
      else for (let at = 0; at < part.length; at += 1) into[at] = part[at]!;
    },
  };
}

/** The rows in order, block by block; a block is valid until the next one. Memory: about a megabyte, at least one row. */
export function* blocksOf(stored: StoredRows): Generator<{ from: number; block: Matrix }> {
  const { rows, columns } = stored;
  const size = Math.min(rows, Math.max(1, Math.floor(blockCells / Math.max(1, columns))));
  const values = new Float32Array(size * columns);
  for (let from = 0; from < rows; from += size) {
    const count = Math.min(size, rows - from);
    stored.read(from, count, values);
    yield { from, block: { rows: count, columns, values: values.subarray(0, count * columns) } };
  }
}

/** One number a row from a function that takes each row by itself. Memory: 8 bytes a row and a block. */
export function scoreStored(stored: StoredRows, score: (block: Matrix) => Float64Array): Float64Array {
  const scores = new Float64Array(stored.rows);
  for (const { from, block } of blocksOf(stored)) scores.set(score(block), from);
  return scores;
}

/** The named rows as a matrix in that order; neighbours are read together. Memory: the matrix. */
export function takeStored(stored: StoredRows, rows: ArrayLike<number>): Matrix {
  return readAll(chosenRows(stored, rows));
}

/** All rows in memory. */
export function readAll(stored: StoredRows): Matrix {
  const { rows, columns } = stored;
  const values = new Float32Array(rows * columns);
  stored.read(0, rows, values);
  return { rows, columns, values };
}

/** A view on the named rows in that order. */
export function chosenRows(stored: StoredRows, chosen: ArrayLike<number>): StoredRows {
  const { columns } = stored;
  return {
    rows: chosen.length,
    columns,
    read: (from, count, into) => {
      for (let at = 0; at < count;) {
        const first = chosen[from + at]!;
        let run = 1;
        while (at + run < count && chosen[from + at + run] === first + run) run += 1;
        stored.read(first, run, into.subarray(at * columns, (at + run) * columns));
        at += run;
      }
    },
  };
}

/** A view on `rows` neighbouring rows from `first` on. */
export function sliceRows(stored: StoredRows, first: number, rows: number): StoredRows {
  return { rows, columns: stored.columns, read: (from, count, into) => stored.read(first + from, count, into) };
}

/** A view in which every value that is not finite is replaced by its column's fill. */
export function filledRows(stored: StoredRows, fills: ArrayLike<number>): StoredRows {
  const { columns } = stored;
  return {
    rows: stored.rows,
    columns,
    read: (from, count, into) => {
      stored.read(from, count, into);
      for (let at = 0, column = 0; at < count * columns; at += 1, column = column + 1 === columns ? 0 : column + 1)
        if (!Number.isFinite(into[at]!)) into[at] = fills[column]!;
    },
  };
}
