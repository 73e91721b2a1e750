import { createDbscanTrainer } from '../../models/outliers/dbscan.ts';
import { createEllipticEnvelopeTrainer } from '../../models/outliers/elliptic-envelope.ts';
import { createExtendedForestTrainer } from '../../models/outliers/extended-forest.ts';
import { createIsolationForestTrainer } from '../../models/outliers/isolation-forest.ts';
import { createLocalOutlierFactorTrainer } from '../../models/outliers/local-outlier-factor.ts';
import { createNeighbourDistanceTrainer } from '../../models/outliers/neighbour-distance.ts';
import { createOutlierBlendTrainer } from '../../models/outliers/outlier-blend.ts';
import { createPcaTrainer } from '../../models/outliers/pca.ts';
import { createGradientBoostingTrainer } from '../../models/trees/boosted-classifier.ts';
import { createSemiSupervisedTrainer } from '../../models/trees/label-budget.ts';
import { createObliviousBoostingTrainer } from '../../models/trees/oblivious-boosting.ts';
import { createRandomForestTrainer } from '../../models/trees/random-forest.ts';
import type { TrainingParts } from './training-parts.ts';

/** Rows up to which neighbours are asked unbidden: 50,000 x 300 columns against 2,000 rows is a minute. */
const mostCompared = 50_000;

/**
 * The methods of the product: isolation forest, and other detectors in its place where they are named or where labels speak for one; outlier blend corrected by labels; gradient boosting as champion and ordered boosting of
 * oblivious trees as challenger; a random forest for causes.
 */
export function createDefaultParts(): TrainingParts {
  return {
    forest: createIsolationForestTrainer(),
    detectors: [
      { trainer: createExtendedForestTrainer() },
      { trainer: createPcaTrainer() },
      { trainer: createEllipticEnvelopeTrainer() },
      { trainer: createOutlierBlendTrainer(), mostRows: mostCompared },
      { trainer: createNeighbourDistanceTrainer(), mostRows: mostCompared },
      { trainer: createLocalOutlierFactorTrainer(), mostRows: mostCompared },
      { trainer: createDbscanTrainer(), mostRows: mostCompared },
    ],
    corrected: createSemiSupervisedTrainer(),
    champion: createGradientBoostingTrainer(),
    challenger: createObliviousBoostingTrainer(),
    causes: createRandomForestTrainer(),
  };
}
