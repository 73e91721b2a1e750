import { createRandom } from '../infra/runtime/random.ts';

/** The mean of per-case scores with its 95 % percentile bootstrap interval (Efron 1979; 2,000 resamples, seeded). Empty input gives NaN. */
export function bootstrapInterval(
  scores: readonly number[],
  resamples = 2_000,
): { mean: number; low: number; high: number } {
  if (scores.length === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  const random = createRandom(scores.length);
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample += 1) {
    let total = 0;
    for (let index = 0; index < scores.length; index += 1) total += scores[random.integer(scores.length)] ?? 0;
    means[resample] = total / scores.length;
  }
  means.sort();
  const at = (quantile: number): number =>
    means[Math.min(resamples - 1, Math.floor(quantile * resamples))] ?? Number.NaN;
  return { mean: scores.reduce((sum, score) => sum + score, 0) / scores.length, low: at(0.025), high: at(0.975) };
}
