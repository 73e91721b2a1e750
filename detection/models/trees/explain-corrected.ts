import type { Explanation } from '../contracts.ts';
import { explanationBy, rescaled, scoreIn, sharesBy } from '../explained-score.ts';
import { weightOf } from './corrected-score.ts';

/**
 * An unsupervised explanation and the Shapley values of the classifier that corrects it, added in evidence: -ln(1 - score) is (1 - w) U + w C, each part
 * explained by its own method. What the classifier says by its last column, the unsupervised score, goes on to the columns that moved that score the way it went (a
 * series of models: Chen, Lundberg & Lee, Nature Communications 2022).
 */
export function explainCorrected(of: {
  row: ArrayLike<number>;
  features: readonly string[];
  /** Over `features`. */
  unsupervised: Explanation;
  /** Log-odds over `names`: the columns, and the unsupervised score last. `placed` gives a probability's position. */
  learnt: { told: Explanation; names: readonly string[]; placed: (probability: number) => number };
  weight: number;
}): Explanation {
  const { row, features, learnt } = of;
  const positionOf = (value: number): number => learnt.placed(scoreIn(learnt.told.scale, value));
  const plain = scoreIn(of.unsupervised.scale, of.unsupervised.score);
  const weight = weightOf(plain, positionOf(learnt.told.score), of.weight);
  const ownScale = of.unsupervised.scale;
  const byItself = rescaled(of.unsupervised, (value) => evidence(scoreIn(ownScale, value)), 'evidence');
  const byLabels = rescaled(learnt.told, (value) => evidence(positionOf(value)), 'evidence');
  const own = sharesBy(byItself, features);
  const taught = sharesBy(byLabels, learnt.names);
  const ofScore = taught.at(-1)!;
  const direction = Math.sign(byItself.score - byItself.expected) || 1;
  const moved = own.map((share) => Math.max(0, share * direction));
  const total = moved.reduce((sum, part) => sum + part, 0);
  const shares = own.map((share, column) => {
    const through = ofScore * (total > 0 ? moved[column]! / total : 1 / features.length);
    return (1 - weight) * share + weight * (taught[column]! + through);
  });
  const expected = (1 - weight) * byItself.expected + weight * byLabels.expected;
  return explanationBy(features, row, { shares, expected, scale: 'evidence', exact: false });
}

/** -ln(1 - score), finite for 1 as well. */
function evidence(score: number): number {
  return -Math.log(Math.max(1 - score, 1e-15));
}
