import type { Basis, Grade } from '../../domain/diagnosis.ts';
import { clamp } from '../signals/robust-statistics.ts';

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
 * the number of types of signal, and the grade (Platt 1999). Priors, the same for everybody; `fitRecalibration` puts a team's own outcomes on top.
 */
export const calibration: CalibrationWeights = {
  intercept: -3.1,
  score: 4.2,
  margin: 2.4,
  lead: 0,
  coverage: 0,
  signals: 0,
  grade: { proven: 1.1, supported: 0.5, suspected: -0.3, unproven: -1.2 },
  healthy: [0.4, 0.57, 0.73, 0.9],
};

/** Below this score nothing is claimed; below this probability the engine abstains. */
export const abstainBelow = { score: 0.3, confidence: 0.3 };

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
