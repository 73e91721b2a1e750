import type { SplitScore } from './fitted-detector.ts';
import type { Neighbours } from './neighbours.ts';

/**
 * A score that grows with the distances to neighbours, split by column: each distance in the proportion of its squared differences, the neighbours by
 * `relevance` (Kauffmann, Mueller & Montavon, Pattern Recognition 2020: relevance flows from the score to distances, from these to inputs). Evenly where no column
 * differs. Exact for one neighbour; with more, which of them counts how much is `relevance`'s to say.
 */
export function splitDistance(
  scaled: Float64Array,
  of: { references: readonly number[]; found: Neighbours; score: number; relevance: (neighbour: number) => number },
): SplitScore {
  const { references, found, score } = of;
  const columns = scaled.length;
  const parts = new Float64Array(columns);
  for (const [at, reference] of found.indices.entries()) {
    const squares = scaled.map((value, c) => (value - references[reference * columns + c]!) ** 2);
    const whole = squares.reduce((sum, square) => sum + square, 0);
    if (whole > 0) for (let c = 0; c < columns; c += 1) parts[c]! += (of.relevance(at) * squares[c]!) / whole;
  }
  const total = parts.reduce((sum, part) => sum + part, 0);
  const shares = parts.map((part) => score * (total > 0 ? part / total : 1 / columns));
  return { shares, expected: 0, scale: 'score', exact: found.indices.length === 1 };
}
