import type { Grade } from '../../domain/diagnosis.ts';
import { clamp } from '../signals/robust-statistics.ts';

/**
 * From ranking score to probability: logistic in the score, the lead over the next entity and the grade (Platt 1999). The constants are
 * priors set by hand before recorded incidents were many; refit them here when there are labelled outcomes.
 */
export const calibration = {
  intercept: -3.1,
  score: 4.2,
  margin: 2.4,
  grade: { proven: 1.1, supported: 0.5, suspected: -0.3, unproven: -1.2 } satisfies Record<Grade, number>,
};

/** Below this score nothing is claimed; below this probability the engine abstains. */
export const abstainBelow = { score: 0.3, confidence: 0.3 };

/** The probability that the first hypothesis is right, in (0, 1), to two decimals. */
export function confidenceOf(seen: { score: number; margin: number; grade: Grade }): number {
  const odds =
    calibration.intercept +
    calibration.score * seen.score +
    calibration.margin * clamp(seen.margin, 0, 0.6) +
    calibration.grade[seen.grade];
  return Math.round(100 / (1 + Math.exp(-odds))) / 100;
}
