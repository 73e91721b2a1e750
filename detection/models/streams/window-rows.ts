import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Explanation } from '../contracts.ts';
import { explanationBy } from '../explained-score.ts';
import type { Matrix } from '../matrix.ts';

/** Throws INPUT_INVALID where there are not ten windows of rows. */
export function checkRows(rows: Matrix, window: number): void {
  if (!(window >= 1) || rows.rows < 10 * window || rows.columns < 1)
    throw new CerebroError(
      'INPUT_INVALID',
      `Windows of ${window} rows need at least ${10 * window} rows; there are ${rows.rows}.`,
    );
}

/** The rows, where they have as many columns as the model. Throws INPUT_INVALID. */
export function asTrained(rows: Matrix, columns: number): Matrix {
  if (rows.columns !== columns)
    throw new CerebroError('INPUT_INVALID', `the model takes ${columns} columns, the rows have ${rows.columns}`);
  return rows;
}

/** Rows given one after another, and which of them is meant: the last where nothing is said. Throws INPUT_INVALID. */
export function stretchOf(values: ArrayLike<number>, columns: number, at?: number): { rows: Matrix; at: number } {
  const rows = values.length / columns;
  const row = at ?? rows - 1;
  if (!Number.isInteger(rows) || rows < 1 || !Number.isInteger(row) || row < 0 || row >= rows)
    throw new CerebroError(
      'INPUT_INVALID',
      `${values.length} values hold no row ${row} of ${columns} columns, rows one after another`,
    );
  return { rows: { rows, columns, values: Float64Array.from(values) }, at: row };
}

/** An explanation from the share of every cell of a stretch: by column, and by row as seen from the one explained. */
export function explainCells(
  features: readonly string[],
  { rows, at }: { rows: Matrix; at: number },
  of: { cells: Float64Array; scale: 'score' | 'evidence' },
): Explanation {
  const shares = new Float64Array(rows.columns);
  const byRow = new Float64Array(rows.rows);
  for (const [cell, share] of of.cells.entries()) {
    shares[cell % rows.columns]! += share;
    byRow[Math.floor(cell / rows.columns)]! += share;
  }
  const own = rows.values.subarray(at * rows.columns, (at + 1) * rows.columns);
  const points = Array.from(byRow, (share, row) => ({ offset: row - at, share }))
    .filter(({ share }) => share !== 0)
    .sort((left, right) => right.share - left.share);
  return { ...explanationBy(features, own, { shares, expected: 0, scale: of.scale, exact: true }), points };
}
