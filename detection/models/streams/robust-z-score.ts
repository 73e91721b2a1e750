import { createSortedWindow } from './sorted-window.ts';
import { scoreOfDeviation } from './tail-bound.ts';
import { createUnivariate, type UnivariateDetector } from './univariate.ts';

/** Interquartile range of the normal distribution in standard deviations. */
const normalRange = 1.349;

/**
 * Robust z-score: distance from the median of the last `window` points in interquartile ranges (Tukey 1977). The reference that every other detector
 * here has to beat. 1.2 KB with the default of 64 points.
 */
export function createRobustZScore(options: { window?: number } = {}): UnivariateDetector {
  const window = createSortedWindow(options.window ?? 64);
  const deviation = (value: number): number => {
    const median = window.quantile(0.5);
    const range = window.quantile(0.75) - window.quantile(0.25);
    return (value - median) / Math.max(range / normalRange, 1e-3 * Math.abs(median), 1e-9);
  };
  return createUnivariate({
    method: 'robust-z-score',
    score: (value) => scoreOfDeviation(deviation(value)),
    learn: (value) => window.push(value),
    parts: (value) => [
      { feature: 'distance from the median', value: deviation(value), weight: Math.abs(deviation(value)) },
    ],
    bytes: window.bytes,
  });
}
