import { createChangePoint } from './change-point.ts';
import { createDefaultEnsemble } from './default-ensemble.ts';
import { createDiscord } from './discord.ts';
import { createEwma } from './ewma.ts';
import { createHoltWinters } from './holt-winters.ts';
import { createMedianDeviation } from './median-deviation.ts';
import { createMultiScaleNovelty } from './multi-scale-novelty.ts';
import { createRobustZScore } from './robust-z-score.ts';
import { createSeasonalTrend } from './seasonal-trend.ts';
import type { UnivariateDetector } from './univariate.ts';

/** Every univariate detector by its method's name, made afresh at each call. */
export const univariateDetectors: Readonly<Record<string, () => UnivariateDetector>> = {
  'robust-z-score': createRobustZScore,
  mad: createMedianDeviation,
  ewma: createEwma,
  'change-point': createChangePoint,
  'holt-winters': createHoltWinters,
  'seasonal-trend': createSeasonalTrend,
  discord: createDiscord,
  'multi-scale-novelty': createMultiScaleNovelty,
  'default-ensemble': createDefaultEnsemble,
};
