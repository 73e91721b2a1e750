import type { ModelVersion } from './model-version.ts';

export interface PromotionRules {
  /** The metric that decides, higher is better. */
  metric: string;
  /** It must be at least this. */
  atLeast: number;
  /** It may be worse than production's by at most this, where both were measured on the same rows. */
  tolerance: number;
  /** Least quality of the data that it was trained on. */
  quality: number;
  /** Largest difference between its ONNX and its native scores. */
  parity: number;
}

export const defaultPromotionRules: PromotionRules = {
  metric: 'aucPr',
  atLeast: 0,
  tolerance: 0.005,
  quality: 0.3,
  parity: 1e-6,
};

/**
 * Why a version may not go into production; empty when it may. A metric that was not measured is no objection by itself: without
 * labels there is none.
 */
export function objectionsTo(
  candidate: ModelVersion,
  production: ModelVersion | undefined,
  rules: PromotionRules,
): string[] {
  const objections: string[] = [];
  const metric = candidate.metrics[rules.metric];
  if (metric !== undefined && metric < rules.atLeast)
    objections.push(`${rules.metric} ${metric.toFixed(3)} is below ${rules.atLeast}`);
  const before = production?.metrics[rules.metric];
  const sameRows =
    production?.lineage.holdoutHash === candidate.lineage.holdoutHash && candidate.lineage.holdoutHash !== '';
  if (before !== undefined && sameRows) {
    if (metric === undefined) objections.push(`${rules.metric} was not measured, production has ${before.toFixed(3)}`);
    else if (metric < before - rules.tolerance)
      objections.push(
        `${rules.metric} ${metric.toFixed(3)} is below production's ${before.toFixed(3)} (version ${production?.version})`,
      );
  }
  const quality = candidate.metrics['dataQuality'];
  if (quality !== undefined && quality < rules.quality)
    objections.push(`its data has quality ${quality.toFixed(2)}, below ${rules.quality}`);
  const parity = candidate.metrics['onnxDifference'];
  if (parity !== undefined && !(parity <= rules.parity))
    objections.push(`its ONNX file differs by ${parity} from the native scores`);
  return objections;
}
