import type { FeatureName, Features } from './features.ts';
import { featureTable } from './features.ts';

/** What speaks for "none of these", each in [0, 1]: always, where little is felt, where little can be seen. */
export const noneTable = {
  always: { sign: 0 },
  quiet: { sign: 1 },
  blind: { sign: 1 },
} as const;
export type NoneName = keyof typeof noneTable;
export type NoneFeatures = Record<NoneName, number>;

/** Numbers that `cerebro eval fit` measures on recorded incidents; none is set by hand. */
export interface LikelihoodModel {
  /** Log odds per unit of each feature of a candidate, and how far they move when one system is left out (standard deviation). */
  candidate: Record<FeatureName, readonly [weight: number, spread: number]>;
  none: Record<NoneName, readonly [weight: number, spread: number]>;
  /** From the first hypothesis to the probability that it is right: a logistic in `confidenceRow`. */
  confidence: Record<ConfidenceName, number>;
  /** Where nothing is found wrong: how likely that is true, by how many of metrics, logs and traces were looked at, none to three. */
  healthy: readonly [number, number, number, number];
  /** The least confidence of a claim, by what it risks; below it the engine abstains. */
  claim: { confidence: number; risk: number };
  /** The least confidence and the least lead over any rival, in log odds, of what is called proven, and what that risks. */
  proven: { confidence: number; lead: number; risk: number };
}

/** What a confidence is worked out from: see `confidenceRow`. */
export const confidenceNames = ['always', 'odds', 'entity', 'carried', 'observed', 'borne'] as const;
export type ConfidenceName = (typeof confidenceNames)[number];

export const featureNames = Object.keys(featureTable).filter((name): name is FeatureName => name in featureTable);
export const noneNames = Object.keys(noneTable).filter((name): name is NoneName => name in noneTable);

/** The log odds of a candidate, up to what all alternatives of an incident have in common. */
export function scoreOf(features: Features, { candidate }: Pick<LikelihoodModel, 'candidate'>): number {
  return featureNames.reduce((total, name) => total + candidate[name][0] * features[name], 0);
}

/** The same of "none of these". */
export function noneScoreOf(features: NoneFeatures, { none }: Pick<LikelihoodModel, 'none'>): number {
  return noneNames.reduce((total, name) => total + none[name][0] * features[name], 0);
}
