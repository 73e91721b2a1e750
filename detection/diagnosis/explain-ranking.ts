import type { Deciding } from '../../domain/diagnosis.ts';
import { featureTable } from './features.ts';
import type { LikelihoodModel } from './likelihood.ts';
import { featureNames } from './likelihood.ts';
import type { Ranked } from './rank.ts';

/** Why the first candidate and not the second: the features that were worth most for it, at most three, largest first; none without a second. Pure. */
export function explainRanking(
  ranked: readonly Pick<Ranked, 'features'>[],
  { candidate }: LikelihoodModel,
): Deciding[] {
  const [first, second] = ranked;
  if (first === undefined || second === undefined) return [];
  return featureNames
    .map((feature) => ({
      feature,
      says: featureTable[feature].says,
      odds: Math.round(100 * candidate[feature][0] * (first.features[feature] - second.features[feature])) / 100,
    }))
    .filter(({ odds }) => odds > 0)
    .sort((left, right) => right.odds - left.odds || (left.feature < right.feature ? -1 : 1))
    .slice(0, 3);
}
