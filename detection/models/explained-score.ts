import type { ExplainedScale, Explanation } from './contracts.ts';

/** What a sum of shares stands for: a score or probability in [0, 1] (`score`: as it is). */
export function scoreIn(scale: ExplainedScale, value: number): number {
  if (scale === 'log2') return 2 ** value;
  if (scale === 'log-odds') return 1 / (1 + Math.exp(-value));
  return scale === 'evidence' ? -Math.expm1(-value) : value;
}

/** An explanation by columns, largest share first; its score is `expected` and the shares. */
export function explanationBy(
  features: readonly string[],
  row: ArrayLike<number>,
  of: { shares: ArrayLike<number>; expected: number; scale: ExplainedScale; exact: boolean },
): Explanation {
  const { shares, expected, scale, exact } = of;
  const contributions = features
    .map((feature, column) => ({ feature, value: row[column]!, share: shares[column]! }))
    .sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  const score = contributions.reduce((sum, { share }) => sum + share, expected);
  return { score, expected, scale, contributions, exact };
}

/** The shares of an explanation in the order of its columns. Names are different from each other. */
export function sharesBy({ contributions }: Explanation, features: readonly string[]): Float64Array {
  const places = new Map(features.map((feature, column) => [feature, column]));
  const shares = new Float64Array(features.length);
  for (const { feature, share } of contributions) shares[places.get(feature)!] = share;
  return shares;
}

/** Half the step over which a slope is taken where score and expectation are the same. */
const step = 1e-6;

/**
 * What explains v explains a rising function of v: shares times (f(score) - f(expected)) / (score - expected), so that they add up again (the rescale
 * rule: Shrikumar, Greenside & Kundaje, ICML 2017; for series of models Chen, Lundberg & Lee, Nature Communications 2022).
 */
export function rescaled(explained: Explanation, by: (value: number) => number, scale: ExplainedScale): Explanation {
  const { score, expected } = explained;
  const slope =
    Math.abs(score - expected) > step
      ? (by(score) - by(expected)) / (score - expected)
      : (by(score + step) - by(score - step)) / (2 * step);
  const contributions = explained.contributions.map((one) => ({ ...one, share: one.share * slope }));
  return { ...explained, score: by(score), expected: by(score) - slope * (score - expected), scale, contributions };
}
