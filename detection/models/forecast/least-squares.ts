/**
 * Normal equations of a weighted least-squares problem, gathered row by row. `ridge` is added to the diagonal relative to each
 * column's own square sum, so that it does not depend on units. Cost of a row: columns squared; of a solution: columns cubed / 3.
 */
export interface NormalEquations {
  add(row: ArrayLike<number>, target: number, weight?: number): void;
  /** Coefficients for a relative ridge, `free` columns (the intercept) left unpenalised. */
  solve(ridge: number, free?: readonly number[]): Float64Array;
}

export function createNormalEquations(columns: number): NormalEquations {
  const products = new Float64Array(columns * columns);
  const right = new Float64Array(columns);
  return {
    add(row, target, weight = 1) {
      for (let i = 0; i < columns; i += 1) {
        const left = row[i]! * weight;
        if (left === 0) continue;
        right[i]! += left * target;
        const base = i * columns;
        for (let j = 0; j <= i; j += 1) products[base + j]! += left * row[j]!;
      }
    },
    solve(ridge, free = []) {
      const matrix = products.slice();
      for (let i = 0; i < columns; i += 1)
        matrix[i * columns + i]! += (free.includes(i) ? 1e-10 : ridge) * (products[i * columns + i]! + 1e-12) + 1e-12;
      return choleskySolve(matrix, right, columns);
    },
  };
}

/** Solves a symmetric positive definite system; `matrix` holds the lower triangle and is overwritten. A direction without weight gets 0. */
export function choleskySolve(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const solution = right.slice();
  for (let i = 0; i < size; i += 1) {
    const rowI = i * size;
    for (let j = 0; j < i; j += 1) {
      const rowJ = j * size;
      let total = matrix[rowI + j]!;
      for (let k = 0; k < j; k += 1) total -= matrix[rowI + k]! * matrix[rowJ + k]!;
      matrix[rowI + j] = total / matrix[rowJ + j]!;
    }
    let pivot = matrix[rowI + i]!;
    for (let k = 0; k < i; k += 1) pivot -= matrix[rowI + k]! ** 2;
    matrix[rowI + i] = pivot > 1e-14 ? Math.sqrt(pivot) : Number.POSITIVE_INFINITY;
  }
  for (let i = 0; i < size; i += 1) {
    let total = solution[i]!;
    for (let k = 0; k < i; k += 1) total -= matrix[i * size + k]! * solution[k]!;
    solution[i] = total / matrix[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let total = solution[i]!;
    for (let k = i + 1; k < size; k += 1) total -= matrix[k * size + i]! * solution[k]!;
    solution[i] = total / matrix[i * size + i]!;
  }
  return solution;
}
