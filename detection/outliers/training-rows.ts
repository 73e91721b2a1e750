import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Random } from '../../infra/runtime/random.ts';
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
