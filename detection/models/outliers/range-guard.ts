import { z } from 'zod';
import type { Matrix } from '../matrix.ts';
import { blocksOf, type StoredRows } from '../stored-rows.ts';

/** Least and largest finite value of each column in training. */
export interface Ranges {
  low: number[];
  high: number[];
}

export const rangesJson = z.object({ low: z.array(z.number()), high: z.array(z.number()) });

/** The ranges of the columns; a column without values has [0, 0]. */
export function rangesOf(rows: Matrix): Ranges {
  const ranges = noRanges(rows.columns);
  widen(ranges, rows);
  return settled(ranges);
}

/** The same over rows that are read block by block. */
export function rangesOfStored(stored: StoredRows): Ranges {
  const ranges = noRanges(stored.columns);
  for (const { block } of blocksOf(stored)) widen(ranges, block);
  return settled(ranges);
}

function noRanges(columns: number): Ranges {
  return {
    low: Array.from({ length: columns }, () => Number.POSITIVE_INFINITY),
    high: Array.from({ length: columns }, () => Number.NEGATIVE_INFINITY),
  };
}

function widen({ low, high }: Ranges, { values, columns }: Matrix): void {
  for (let at = 0, column = 0; at < values.length; at += 1, column = column + 1 === columns ? 0 : column + 1) {
    const value = values[at]!;
    if (!Number.isFinite(value)) continue;
    if (value < low[column]!) low[column] = value;
    if (value > high[column]!) high[column] = value;
  }
}

function settled(ranges: Ranges): Ranges {
  const { low, high } = ranges;
  for (let column = 0; column < low.length; column += 1)
    if (low[column]! > high[column]!) low[column] = high[column] = 0;
  return ranges;
}

/**
 * 1 for each row with a value further outside its column's range than half that range is wide, or with more than half of its values missing:
 * beyond there a score extrapolates. A column that never varied is outside as soon as it does.
 */
export function outsideRanges({ low, high }: Ranges, rows: Matrix): Uint8Array {
  const out = new Uint8Array(rows.rows);
  for (let row = 0; row < rows.rows; row += 1) {
    let missing = 0;
    for (let column = 0; column < rows.columns; column += 1) {
      const value = rows.values[row * rows.columns + column]!;
      const slack = (high[column]! - low[column]!) / 2;
      if (Number.isNaN(value)) missing += 1;
      else if (value < low[column]! - slack || value > high[column]! + slack) out[row] = 1;
    }
    if (missing * 2 > rows.columns) out[row] = 1;
  }
  return out;
}
