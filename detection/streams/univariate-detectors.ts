import { createChangePoint } from './change-point.ts';
import { createEwma } from './ewma.ts';
import { createMedianDeviation } from './median-deviation.ts';
import { createRobustZScore } from './robust-z-score.ts';
import { createDefaultEnsemble } from './default-ensemble.ts';
import type { UnivariateDetector } from './univariate.ts';

/** Every univariate detector by its method's name, made afresh at each call. */
export const univariateDetectors: Readonly<Record<string, () => UnivariateDetector>> = {
  'robust-z-score': createRobustZScore,
  mad: createMedianDeviation,
  ewma: createEwma,
  'change-point': createChangePoint,
  'default-ensemble': createDefaultEnsemble,
};
