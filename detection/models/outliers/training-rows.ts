import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Random } from '../../../infra/runtime/random.ts';
import { takeRows, type Matrix } from '../matrix.ts';

/** Refuses rows that nothing can be learnt from. */
export function requireRows(rows: Pick<Matrix, 'rows' | 'columns'>, least: number): void {
  if (rows.rows < least || rows.columns === 0)
    throw new CerebroError(
      'INPUT_INVALID',
      `needs at least ${least} rows of at least one column, not ${rows.rows} of ${rows.columns}`,
    );
}

/** At most `most` rows, drawn without replacement, in their order. */
export function sampleOf(rows: Matrix, most: number, random: Random): Matrix {
  if (rows.rows <= most) return rows;
  return takeRows(rows, drawRows(rows.rows, most, random).sort());
}

/** `count` different numbers below `below`, in the order drawn (Floyd 1987: no list of all is made). */
export function drawRows(below: number, count: number, random: Random): Int32Array {
  const seen = new Set<number>();
  for (let next = below - Math.min(count, below); next < below; next += 1) {
    const drawn = random.integer(next + 1);
    seen.add(seen.has(drawn) ? next : drawn);
  }
  return Int32Array.from(seen);
}

/** Columns that vary among the named rows, with their range there, in a random order, each drawn only when it is asked for. */
export function* drawVarying(
  { columns, values }: Pick<Matrix, 'columns' | 'values'>,
  rows: Int32Array,
  random: Random,
): Generator<{ column: number; low: number; high: number }> {
  const open = Int32Array.from({ length: columns }, (_, column) => column);
  for (let left = columns; left > 0; left -= 1) {
    const pick = random.integer(left);
    const column = open[pick]!;
    open[pick] = open[left - 1]!;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      const value = values[row * columns + column]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low < high) yield { column, low, high };
  }
}
