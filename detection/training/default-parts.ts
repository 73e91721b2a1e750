import { createIsolationForestTrainer } from '../outliers/isolation-forest.ts';
import { createGradientBoostingTrainer } from '../trees/boosted-classifier.ts';
import { createSemiSupervisedTrainer } from '../trees/label-budget.ts';
import { createObliviousBoostingTrainer } from '../trees/oblivious-boosting.ts';
import { createRandomForestTrainer } from '../trees/random-forest.ts';
import type { TrainingParts } from './training-parts.ts';

/**
 * The methods of the product: isolation forest; outlier blend corrected by labels; gradient boosting as champion and ordered boosting of
 * oblivious trees as challenger; a random forest for causes.
 */
export function createDefaultParts(): TrainingParts {
  return {
    forest: createIsolationForestTrainer(),
    corrected: createSemiSupervisedTrainer(),
    champion: createGradientBoostingTrainer(),
    challenger: createObliviousBoostingTrainer(),
    causes: createRandomForestTrainer(),
  };
}
