import { stormFeatureNames, type StormFeature } from '../../../detection/diagnosis/storm/storm-features.ts';
import type { StormFeatures } from '../../../detection/diagnosis/storm/storm-features.ts';

/** One storm to learn from: what speaks for each candidate, and which is the cause. */
export interface StormExample {
  candidates: StormFeatures[];
  cause: number;
}

/** Features that an engineer expects to speak against; all others may only speak for. */
const against: ReadonlySet<StormFeature> = new Set<StormFeature>(['callee-is-worse']);

/**
 * Weights of the conditional logit over the candidates of a storm (McFadden 1974) by gradient ascent with shrinkage (L2) and signs that an
 * engineer expects. Each storm counts once. Deterministic.
 */
export function fitStormWeights(
  examples: readonly StormExample[],
  options: { shrinkage?: number; rounds?: number } = {},
): Record<StormFeature, number> {
  const { shrinkage = 0.01, rounds = 400 } = options;
  const weights = stormFeatureNames.map(() => 0);
  const rows = examples.map(({ candidates, cause }) => ({
    cause,
    rows: candidates.map((one) => stormFeatureNames.map((name) => one[name])),
  }));
  for (let round = 0; round < rounds; round += 1) {
    const gradient = weights.map((weight) => -shrinkage * weight);
    for (const { rows: candidates, cause } of rows) {
      const chances = softmax(candidates.map((row) => row.reduce((sum, value, at) => sum + value * weights[at]!, 0)));
      for (const [index, row] of candidates.entries()) {
        const miss = ((index === cause ? 1 : 0) - chances[index]!) / rows.length;
        for (const [at, value] of row.entries()) gradient[at]! += miss * value;
      }
    }
    const step = 1 / (1 + round / 200);
    for (const [at, name] of stormFeatureNames.entries()) {
      const moved = weights[at]! + step * gradient[at]!;
      weights[at] = against.has(name) ? Math.min(0, moved) : Math.max(0, moved);
    }
  }
  const [metrics, rarest, logs, rarestLog, own, alone, called, first, shared, callee] = weights.map(
    (weight) => Math.round(100 * weight) / 100,
  );
  return {
    metrics: metrics!,
    'rarest-metric': rarest!,
    logs: logs!,
    'rarest-log': rarestLog!,
    'own-evidence': own!,
    'alone-of-its-kind': alone!,
    called: called!,
    first: first!,
    'shared-by-members': shared!,
    'callee-is-worse': callee!,
  };
}

function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const raised = scores.map((score) => Math.exp(score - top));
  const all = raised.reduce((sum, one) => sum + one, 0);
  return raised.map((one) => one / all);
}
