import { createIsolationForestTrainer } from '../outliers/isolation-forest.ts';
import { createGradientBoostingTrainer } from '../trees/boosted-classifier.ts';
import { createSemiSupervisedTrainer } from '../trees/label-budget.ts';
import type { TrainingParts } from './training-parts.ts';

/**
 * The methods of the product: isolation forest, outlier blend corrected by labels, gradient boosting; causes by boosting with one output a
 * class.
 */
export function createDefaultParts(): TrainingParts {
  return {
    forest: createIsolationForestTrainer(),
    corrected: createSemiSupervisedTrainer(),
    champion: createGradientBoostingTrainer(),
  };
}
