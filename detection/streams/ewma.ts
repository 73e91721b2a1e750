import { scoreOfDeviation } from './tail-bound.ts';
import { createUnivariate, type UnivariateDetector } from './univariate.ts';

/**
 * Exponentially weighted moving average chart (Roberts, Technometrics 1959): the distance of the smoothed series (`smoothing`) from a slow mean
 * (`memory`) in units of the slow mean deviation. Deviations beyond four units are cut before they are learned, so that an outlier does not widen the
 * limits. Under 200 bytes.
 */
export function createEwma(options: { smoothing?: number; memory?: number } = {}): UnivariateDetector {
  const { smoothing = 0.4, memory = 1_000 } = options;
  let mean = 0;
  let deviation = 0;
  let smoothed = 0;
  let learned = 0;
  const unit = (): number => Math.max(1.2533 * deviation, 1e-3 * Math.abs(mean), 1e-9);
  const chart = (value: number): number => (smoothed + smoothing * (value - smoothed) - mean) / unit();
  return createUnivariate({
    method: 'ewma',
    score: (value) => scoreOfDeviation(chart(value)),
    learn(value) {
      learned += 1;
      const rate = 1 / Math.min(learned, memory);
      const limit = learned < 16 ? Number.POSITIVE_INFINITY : 4 * unit();
      const gap = Math.max(-limit, Math.min(limit, value - mean));
      mean += rate * gap;
      deviation += rate * (Math.abs(gap) - deviation);
      smoothed = learned === 1 ? value : smoothed + smoothing * (value - smoothed);
    },
    parts: (value) => [
      { feature: 'smoothed level', value: chart(value), weight: Math.abs(chart(value)) },
    ],
    bytes: 128,
  });
}
