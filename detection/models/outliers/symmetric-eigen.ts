/** Eigenvalues in falling order, and the vectors beside them: vector k is `vectors[k * size .. (k + 1) * size)`. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array;
}

/** All eigenvalues and vectors of a symmetric matrix, by cyclic Jacobi rotations (Golub & Van Loan, section 8.5). About 10 x size^3 operations. */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(size * size);
  for (let k = 0; k < size; k += 1) v[k * size + k] = 1;
  for (let sweep = 0; sweep < 30; sweep += 1) {
    let off = 0;
    let all = 0;
    for (let p = 0; p < size; p += 1)
      for (let q = 0; q < size; q += 1) {
        const square = a[p * size + q]! ** 2;
        all += square;
        if (p !== q) off += square;
      }
    if (off <= 1e-22 * all) break;
    for (let p = 0; p < size - 1; p += 1) for (let q = p + 1; q < size; q += 1) rotate({ a, v, size }, p, q);
  }
  const order = Array.from({ length: size }, (_, k) => k).sort((x, y) => a[y * size + y]! - a[x * size + x]!);
  const vectors = new Float64Array(size * size);
  for (const [k, from] of order.entries()) vectors.set(v.subarray(from * size, (from + 1) * size), k * size);
  return { values: Float64Array.from(order, (k) => a[k * size + k]!), vectors };
}

function rotate({ a, v, size }: { a: Float64Array; v: Float64Array; size: number }, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turnRows(a, { size, p, q, c, s });
  for (let k = 0; k < size; k += 1) {
    const [akp, akq] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = c * akp - s * akq;
    a[k * size + q] = s * akp + c * akq;
  }
  turnRows(v, { size, p, q, c, s });
}

function turnRows(
  m: Float64Array,
  { size, p, q, c, s }: { size: number; p: number; q: number; c: number; s: number },
): void {
  const [from, to] = [p * size, q * size];
  for (let k = 0; k < size; k += 1) {
    const [mp, mq] = [m[from + k]!, m[to + k]!];
    m[from + k] = c * mp - s * mq;
    m[to + k] = s * mp + c * mq;
  }
}

/** Mean and covariance (divided by the count) of the named rows of a row-major block. */
export function covarianceOf(
  values: Float64Array,
  columns: number,
  rows: ArrayLike<number>,
): { mean: Float64Array; covariance: Float64Array } {
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows.length; i += 1)
    for (let c = 0; c < columns; c += 1) mean[c]! += values[rows[i]! * columns + c]! / rows.length;
  const covariance = new Float64Array(columns * columns);
  const centred = new Float64Array(columns);
  for (let i = 0; i < rows.length; i += 1) {
    for (let c = 0; c < columns; c += 1) centred[c] = values[rows[i]! * columns + c]! - mean[c]!;
    for (let p = 0; p < columns; p += 1) {
      const left = centred[p]!;
      if (left !== 0) for (let q = p; q < columns; q += 1) covariance[p * columns + q]! += left * centred[q]!;
    }
  }
  for (let p = 0; p < columns; p += 1)
    for (let q = p; q < columns; q += 1)
      covariance[p * columns + q] = covariance[q * columns + p] = covariance[p * columns + q]! / rows.length;
  return { mean, covariance };
}
