import { setImmediate } from 'node:timers/promises';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { createRandom } from '../../infra/runtime/random.ts';

/** A sparse row: column numbers and their values. */
export interface SparseRow {
  columns: Uint32Array;
  values: Float32Array;
}

/** The strongest right singular directions: `directions[column * rank + k]`, and the singular values, falling. */
export interface Directions {
  rank: number;
  directions: Float32Array;
  strengths: Float32Array;
}

const oversampling = 16;
const rowsBetweenPauses = 500;

/**
 * Truncated singular value decomposition by randomised subspace iteration (Halko, Martinsson, Tropp 2011, algorithms 4.4 and 5.1), two
 * power steps, seeded: the same rows give the same directions. Gives way to the event loop between blocks. Cost: about
 * 6 x non-zeros x rank + 4 x columns x rank^2 multiplications.
 */
export async function decompose(
  rows: readonly SparseRow[],
  columns: number,
  wanted: number,
  signal?: AbortSignal,
): Promise<Directions> {
  const width = Math.min(wanted + oversampling, columns, rows.length);
  const rank = Math.min(wanted, width);
  const random = createRandom('knowledge decomposition');
  let basis = Float64Array.from({ length: columns * width }, () => random.next() + random.next() + random.next() - 1.5);
  for (let step = 0; step < 3; step += 1) {
    basis = await timesGram(rows, basis, columns, width, signal);
    orthonormalise(basis, columns, width);
    await setImmediate();
  }
  const gram = Matrix.zeros(width, width);
  const projected = new Float64Array(width);
  for (const [index, row] of rows.entries()) {
    project(row, basis, width, projected);
    for (let left = 0; left < width; left += 1)
      for (let right = 0; right <= left; right += 1)
        gram.set(left, right, gram.get(left, right) + projected[left]! * projected[right]!);
    if (index % rowsBetweenPauses === 0) await pause(signal);
  }
  for (let left = 0; left < width; left += 1)
    for (let right = left + 1; right < width; right += 1) gram.set(left, right, gram.get(right, left));
  const eigen = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const order = eigen.realEigenvalues
    .map((value, index) => ({ value, index }))
    .sort((left, right) => right.value - left.value)
    .slice(0, rank);
  const turn = eigen.eigenvectorMatrix;
  const directions = new Float32Array(columns * rank);
  for (let column = 0; column < columns; column += 1) {
    for (const [k, { index }] of order.entries()) {
      let sum = 0;
      for (let inner = 0; inner < width; inner += 1) sum += basis[column * width + inner]! * turn.get(inner, index);
      directions[column * rank + k] = sum;
    }
    if (column % rowsBetweenPauses === 0) await pause(signal);
  }
  return { rank, directions, strengths: Float32Array.from(order, ({ value }) => Math.sqrt(Math.max(0, value))) };
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

function project(row: SparseRow, basis: Float64Array, width: number, into: Float64Array): void {
  into.fill(0);
  for (let at = 0; at < row.columns.length; at += 1) {
    const value = row.values[at]!;
    const from = row.columns[at]! * width;
    for (let k = 0; k < width; k += 1) into[k] = into[k]! + value * basis[from + k]!;
  }
}

/** Multiplies by the rows' Gram matrix without forming it: A^T (A x). */
async function timesGram(
  rows: readonly SparseRow[],
  basis: Float64Array,
  columns: number,
  ...[width, signal]: [number, AbortSignal | undefined]
): Promise<Float64Array<ArrayBuffer>> {
  const result = new Float64Array(columns * width);
  const projected = new Float64Array(width);
  for (const [index, row] of rows.entries()) {
    project(row, basis, width, projected);
    for (let at = 0; at < row.columns.length; at += 1) {
      const value = row.values[at]!;
      const to = row.columns[at]! * width;
      for (let k = 0; k < width; k += 1) result[to + k] = result[to + k]! + value * projected[k]!;
    }
    if (index % rowsBetweenPauses === 0) await pause(signal);
  }
  return result;
}

/** Modified Gram-Schmidt over the columns, twice-is-enough; a vanished column becomes zero. */
function orthonormalise(basis: Float64Array, rows: number, width: number): void {
  // Column-major copy, so that the inner loops run along memory.
  const columns = Array.from({ length: width }, (_, k) =>
    Float64Array.from({ length: rows }, (__, row) => basis[row * width + k]!),
  );
  for (const [k, column] of columns.entries()) {
    const before = norm(column);
    for (let pass = 0; pass < 2; pass += 1) {
      for (let earlier = 0; earlier < k; earlier += 1) {
        const other = columns[earlier]!;
        let sum = 0;
        for (let row = 0; row < rows; row += 1) sum += column[row]! * other[row]!;
        for (let row = 0; row < rows; row += 1) column[row] = column[row]! - sum * other[row]!;
      }
      if (norm(column) > 0.5 * before) break;
    }
    const length = norm(column);
    const scale = length > 1e-10 * Math.max(1, before) ? 1 / length : 0;
    for (let row = 0; row < rows; row += 1) basis[row * width + k] = column[row] = column[row]! * scale;
  }
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
