import type { Basis, Grade } from '../../domain/diagnosis.ts';
import { clamp } from '../evidence/signals/robust-statistics.ts';

/** The weights of the logistic: log odds per unit of each feature. */
export interface CalibrationWeights {
  intercept: number;
  score: number;
  margin: number;
  lead: number;
  coverage: number;
  signals: number;
  grade: Record<Grade, number>;
  /** Where nothing is found wrong: how likely that is true, by how many of metrics, logs and traces were looked at, none to three. */
  healthy: readonly [number, number, number, number];
}

/**
 * From ranking score to probability: logistic in the score, the leads over the next entity and the next kind, the share of symptoms brought,
 * the number of types of signal, and the grade (Platt 1999). Priors that ship with the product, fitted on one half of recorded incidents and
 * measured on the other (`npx --no cerebro eval calibrate --data <folder of reports>` refits and measures them); `fitRecalibration` puts a
 * team's own outcomes on top.
 */
export const calibration: CalibrationWeights = {
  intercept: -1.44,
  score: 4.5,
  margin: 2.32,
  lead: 0.38,
  coverage: 0,
  signals: 0,
  grade: { proven: 1.11, supported: 0.47, suspected: -0.26, unproven: -1.2 },
  healthy: [0.35, 0.52, 0.53, 0.94],
};

/**
 * Below this score nothing is claimed; below this probability the engine abstains: it accepts a risk of 35 % that a claim is wrong, and says
 * how sure it is of each.
 */
export const abstainBelow = { score: 0.3, confidence: 0.65 };

/** The features that the weights go with: leads count up to .6, types of signal up to three. */
export function calibrationFeatures({ score, basis }: { score: number; basis: Basis }): Basis & { score: number } {
  return {
    score,
    margin: clamp(basis.margin, 0, 0.6),
    lead: clamp(basis.lead, 0, 0.6),
    coverage: basis.coverage,
    signals: Math.min(basis.signals, 3),
  };
}

/** The probability that a hypothesis is right, in (0, 1), to two decimals. */
export function confidenceOf(
  seen: { score: number; basis: Basis; grade: Grade },
  weights: CalibrationWeights = calibration,
): number {
  const { score, margin, lead, coverage, signals } = calibrationFeatures(seen);
  const odds =
    weights.intercept +
    weights.score * score +
    weights.margin * margin +
    weights.lead * lead +
    weights.coverage * coverage +
    weights.signals * signals +
    weights.grade[seen.grade];
  return Math.round(100 / (1 + Math.exp(-odds))) / 100;
}
