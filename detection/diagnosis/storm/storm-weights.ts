import type { StormFeature } from './storm-features.ts';

/**
 * What each feature is worth, in log odds a unit: a conditional logit fitted on made-up storms of 16 sites (`evals/suites/storms`,
 * `node evals/suites/storms/fit-and-show.ts`); no recorded incident was fitted on.
 */
export const stormWeights: Readonly<Record<StormFeature, number>> = {
  metrics: 1.6,
  'rarest-metric': 1.47,
  logs: 0.37,
  'rarest-log': 1.39,
  'own-evidence': 0,
  'alone-of-its-kind': 0.11,
  called: 1.11,
  first: 0.89,
  'shared-by-members': 0.74,
  'callee-is-worse': -0.48,
};
