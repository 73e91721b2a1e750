import type { Random } from '../../../infra/runtime/random.ts';
import { matrixOf, rowOf, takeRows, type Matrix } from '../matrix.ts';

/**
 * Synthetic rows of a rare class (SMOTE; Chawla, Bowyer, Hall and Kegelmeyer 2002): each lies on the line between a row and one of its five
 * nearest neighbours of the class, distances in units of each column's standard deviation. Columns must not hold NaN. No row when the class
 * has fewer than two. Cost: rows squared x columns, of at most 400 rows of the class.
 */
export function oversample(rows: Matrix, count: number, random: Random): Matrix {
  if (rows.rows < 2 || count <= 0) return { rows: 0, columns: rows.columns, values: new Float64Array(0) };
  const kept =
    rows.rows <= 400
      ? rows
      : takeRows(rows, random.shuffle(Array.from({ length: rows.rows }, (_, row) => row)).slice(0, 400));
  const scale = spreadOf(kept);
  const neighbours = new Map<number, number[]>();
  const neighboursOf = (row: number): number[] => {
    const known = neighbours.get(row) ?? nearest(kept, row, scale);
    neighbours.set(row, known);
    return known;
  };
  return matrixOf(
    Array.from({ length: count }, () => {
      const row = random.integer(kept.rows);
      const from = rowOf(kept, row);
      const to = rowOf(kept, random.pick(neighboursOf(row)));
      const share = random.next();
      return Float64Array.from(from, (value, column) => value + share * (to[column]! - value));
    }),
  );
}

function nearest(rows: Matrix, row: number, scale: Float64Array): number[] {
  const here = rowOf(rows, row);
  return Array.from({ length: rows.rows }, (_, other) => {
    const there = rowOf(rows, other);
    let distance = 0;
    for (let column = 0; column < rows.columns; column += 1)
      distance += ((here[column]! - there[column]!) / scale[column]!) ** 2;
    return { other, distance };
  })
    .filter(({ other }) => other !== row)
    .sort((left, right) => left.distance - right.distance || left.other - right.other)
    .slice(0, 5)
    .map(({ other }) => other);
}

function spreadOf({ rows, columns, values }: Matrix): Float64Array {
  return Float64Array.from({ length: columns }, (_, column) => {
    let mean = 0;
    let squares = 0;
    for (let row = 0; row < rows; row += 1) mean += values[row * columns + column]! / rows;
    for (let row = 0; row < rows; row += 1) squares += (values[row * columns + column]! - mean) ** 2 / rows;
    return Math.sqrt(squares) || 1;
  });
}
