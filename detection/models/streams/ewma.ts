import { createSlowLevel } from './slow-level.ts';
import { scoreOfDeviation } from './tail-bound.ts';
import { createUnivariate, type UnivariateDetector } from './univariate.ts';

/**
 * Exponentially weighted moving average chart (Roberts, Technometrics 1959): the distance of the smoothed series (`smoothing`) from a slow mean over
 * `memory` points, in slow mean deviations. Under 200 bytes. On `ms-cloud-monitoring` VUS-PR .72 one point at a time, where the robust z-score has .40 and
 * random .17: `npx --no cerebro eval ms-cloud-monitoring --data <dir> --truth <dir>`.
 */
export function createEwma(options: { smoothing?: number; memory?: number } = {}): UnivariateDetector {
  const { smoothing = 0.3, memory = 4_000 } = options;
  const level = createSlowLevel(smoothing, memory);
  return createUnivariate({
    method: 'ewma',
    score: (value) => scoreOfDeviation(level.distance(value)),
    learn: (value) => level.take(value),
    parts: (value) => [
      { feature: 'smoothed level', value: level.distance(value), weight: Math.abs(level.distance(value)) },
    ],
    bytes: level.bytes,
  });
}
