import type { Outcome } from './suite.ts';

export interface CalibrationBin {
  confidence: number;
  accuracy: number;
  count: number;
}

/**
 * Expected calibration error over ten equal-width bins (Naeini et al. 2015) and Brier score of stated confidences in [0, 1]. Empty input
 * gives NaN.
 */
export function calibrationOf(pairs: readonly { confidence: number; right: boolean }[]): {
  bins: CalibrationBin[];
  expectedCalibrationError: number;
  brier: number;
} {
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, accuracy: 0, count: 0 }));
  let brier = 0;
  for (const pair of pairs) {
    const bin = bins[Math.min(9, Math.floor(pair.confidence * 10))];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.confidence += pair.confidence;
    bin.accuracy += pair.right ? 1 : 0;
    brier += (pair.confidence - (pair.right ? 1 : 0)) ** 2;
  }
  const means = bins.map((bin) =>
    bin.count === 0
      ? bin
      : { count: bin.count, confidence: bin.confidence / bin.count, accuracy: bin.accuracy / bin.count },
  );
  const error = means.reduce(
    (sum, bin) => sum + (bin.count / pairs.length) * Math.abs(bin.confidence - bin.accuracy),
    0,
  );
  return {
    bins: means,
    expectedCalibrationError: pairs.length === 0 ? Number.NaN : error,
    brier: pairs.length === 0 ? Number.NaN : brier / pairs.length,
  };
}

/** The outcomes in which something was answered: where the product abstained, it stated no probability to be held to. */
export function claimsOf(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(({ verdict }) => verdict === 'cause' || verdict === 'external' || verdict === 'healthy');
}
