import { decompose } from '../decompose.ts';
import { minimise } from '../minimise.ts';
import type { PointMethod } from '../point-method.ts';

/**
 * The optimised Theta method (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, International Journal of Forecasting 32, 2016): simple
 * smoothing of the seasonally adjusted series plus a share 1 - 1/theta of its line's slope; theta and the smoothing constant by the one-step
 * error. Any number of seasons. Cost: length x about 60.
 */
export function createTheta(): PointMethod {
  return {
    method: 'theta',
    needs: (seasons) => Math.max(5, 2 * (seasons.at(-1) ?? 1)),
    ahead(series, horizon) {
      const { adjusted, seasonal } = decompose(series);
      const { slope, intercept } = lineOf(adjusted);
      const { point } = minimise(
        ([alpha, theta]) => smooth(adjusted, alpha!, drift(slope, theta!)).loss,
        [0.4, 2],
        [
          [0.02, 0.99],
          [1, 8],
        ],
        60,
      );
      const step = drift(slope, point[1]!);
      const { level } = smooth(adjusted, point[0]!, step, intercept);
      return Float64Array.from({ length: horizon }, (_, h) => level + (h + 1) * step + seasonal(h + 1));
    },
  };
}

/** Slope that theta lets through: none for 1, all of it for infinity. */
function drift(slope: number, theta: number): number {
  return (1 - 1 / theta) * slope;
}

// oxlint-disable-next-line max-params -- the recursion's inputs
function smooth(values: Float64Array, alpha: number, step: number, first?: number): { level: number; loss: number } {
  let level = first ?? values[0]!;
  let loss = 0;
  for (let t = 0; t < values.length; t += 1) {
    const miss = values[t]! - level - step;
    if (t > 2) loss += miss * miss;
    level += step + alpha * miss;
  }
  return { level, loss };
}

/** Least-squares line through a series. */
export function lineOf(values: Float64Array): { slope: number; intercept: number } {
  const middle = (values.length - 1) / 2;
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let product = 0;
  let power = 0;
  for (let t = 0; t < values.length; t += 1) {
    product += (t - middle) * (values[t]! - mean);
    power += (t - middle) ** 2;
  }
  const slope = power === 0 ? 0 : product / power;
  return { slope, intercept: mean - slope * middle };
}
