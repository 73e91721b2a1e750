import type { Explanation } from '../contracts.ts';

/** An explanation whose shares are the score in the proportion of the weights (negative ones count as 0; equal shares where none is above 0), largest first. */
export function explanationOf(
  score: number,
  parts: readonly { feature: string; value: number; weight: number }[],
): Explanation {
  const total = parts.reduce((sum, { weight }) => sum + Math.max(0, weight), 0);
  return {
    score,
    expected: 0,
    scale: 'score',
    contributions: parts
      .map(({ feature, value, weight }) => ({
        feature,
        value,
        share: total > 0 ? (score * Math.max(0, weight)) / total : score / parts.length,
      }))
      .toSorted((left, right) => right.share - left.share),
    exact: false,
  };
}

/** The columns of a row with a weight each. */
export function columnParts(
  values: ArrayLike<number>,
  weightOf: (column: number) => number,
): { feature: string; value: number; weight: number }[] {
  return Array.from(values, (value, column) => ({ feature: `column ${column}`, value, weight: weightOf(column) }));
}
