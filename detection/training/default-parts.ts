import { createIsolationForestTrainer } from '../outliers/isolation-forest.ts';
import { createGradientBoostingTrainer } from '../trees/boosted-classifier.ts';
import type { TrainingParts } from './training-parts.ts';

/** The methods of the product: isolation forest, gradient boosting. */
export function createDefaultParts(): TrainingParts {
  return { forest: createIsolationForestTrainer(), champion: createGradientBoostingTrainer() };
}
