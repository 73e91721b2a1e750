import { halfOf } from './bounded-score.ts';
import { createOutlierTrainer } from './fitted-detector.ts';
import {
  quadraticDistances,
  quadraticJson,
  quadraticOnnx,
  quadraticScores,
  quadraticShares,
  type Quadratic,
} from './quadratic-score.ts';
import { covarianceOf, symmetricEigen } from './symmetric-eigen.ts';
import type { Trainer } from '../contracts.ts';

export interface PcaOptions {
  /** Components whose variance is less than this share of the largest are taken as that large: they would blow up rounding. */
  floor: number;
}

/**
 * Principal component classifier (Shyu, Chen, Sarinnapakorn & Chang 2003): squared distance along every component divided by its variance.
 * Explanations split the score exactly by column. Beats the z-score on ADBench: `node evals/suites/adbench/compare-detectors.ts <dir>`.
 */
export function createPcaTrainer(): Trainer<PcaOptions & { features: readonly string[] }> {
  return createOutlierTrainer<PcaOptions, Quadratic>({
    method: 'pca',
    defaults: { floor: 1e-3 },
    leastRows: 2,
    mostRows: 100_000,
    schema: quadraticJson,
    learn: (scaled, { columns, options }) => {
      const rows = Int32Array.from({ length: scaled.length / columns }, (_, row) => row);
      const { mean, covariance } = covarianceOf(scaled, columns, rows);
      return quadraticOf({ mean, covariance, floor: options.floor }, scaled, columns);
    },
    score: quadraticScores,
    explain: quadraticShares,
    onnx: quadraticOnnx,
  });
}

/** The Mahalanobis distance of a mean and covariance, small variances floored, and its half by the rows given. */
export function quadraticOf(
  of: { mean: Float64Array; covariance: Float64Array; floor: number },
  scaled: Float64Array,
  columns: number,
): Quadratic {
  const { values, vectors } = symmetricEigen(of.covariance, columns);
  const least = Math.max((values[0] ?? 0) * of.floor, 1e-9);
  const map = Array.from(vectors, (cell, at) => cell / Math.sqrt(Math.max(values[Math.floor(at / columns)]!, least)));
  const part = { centre: [...of.mean].map(Math.fround), map: map.map(Math.fround) };
  return { ...part, half: Math.fround(halfOf(quadraticDistances(scaled, columns, part))) };
}
