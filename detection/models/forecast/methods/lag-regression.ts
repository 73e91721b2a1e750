import { createNormalEquations } from '../least-squares.ts';
import type { PointMethod } from '../point-method.ts';

export interface LagOptions {
  /** Relative ridge penalty. */
  ridge?: number;
  /** Weight of a row one longest season old, against the newest. */
  memory?: number;
}

/**
 * An autoregression on chosen lags (the last few values, and each season's length with its neighbours and multiples), fitted by ridge and run
 * ahead step by step. Values are taken relative to the mean of the last longest season. Cost: length x lags squared.
 */
export function createLagRegression(options: LagOptions = {}): PointMethod {
  return {
    method: 'lag-regression',
    needs: (seasons) => Math.max(16, 2 * (seasons.at(-1) ?? 1) + 4),
    ahead({ values, seasons }, horizon) {
      const lags = lagsOf(seasons, values.length);
      const longest = lags.at(-1)!;
      const span = seasons.at(-1) ?? Math.min(24, values.length >> 1);
      const means = movingMeans(values, span);
      const width = lags.length + 1;
      const equations = createNormalEquations(width);
      const row = new Float64Array(width);
      const memory = options.memory ?? 0.8;
      for (let t = longest; t < values.length; t += 1) {
        const mean = means[t - 1]!;
        for (let i = 0; i < lags.length; i += 1) row[i] = values[t - lags[i]!]! - mean;
        row[lags.length] = 1;
        equations.add(row, values[t]! - mean, memory ** ((values.length - t) / span));
      }
      const weights = equations.solve(options.ridge ?? 1e-3, [lags.length]);
      const all = new Float64Array(values.length + horizon);
      all.set(values);
      let sum = means[values.length - 1]! * span;
      for (let t = values.length; t < all.length; t += 1) {
        const mean = sum / span;
        let value = mean + weights[lags.length]!;
        for (let i = 0; i < lags.length; i += 1) value += weights[i]! * (all[t - lags[i]!]! - mean);
        all[t] = value;
        sum += value - all[t - span]!;
      }
      return all.slice(values.length);
    },
  };
}

function lagsOf(seasons: readonly number[], length: number): number[] {
  const lags = new Set([1, 2, 3, 4, 6, 8]);
  const longest = seasons.at(-1);
  for (const season of seasons) {
    for (const near of [-1, 0, 1]) lags.add(season + near);
    for (let k = 2; k * season <= Math.min(longest ?? 0, 7 * season); k += 1) {
      lags.add(k * season);
      if (season !== longest) lags.add(k * season + 1);
    }
  }
  if (longest !== undefined && longest * 4 < length) {
    lags.add(2 * longest);
    lags.add(2 * longest + 1);
  }
  return [...lags].filter((lag) => lag >= 1 && lag * 2 < length).sort((left, right) => left - right);
}

/** The mean of the last `span` values up to and with each; of fewer at the start. */
function movingMeans(values: Float64Array, span: number): Float64Array {
  const means = new Float64Array(values.length);
  let sum = 0;
  for (let t = 0; t < values.length; t += 1) {
    sum += values[t]!;
    if (t >= span) sum -= values[t - span]!;
    means[t] = sum / Math.min(t + 1, span);
  }
  return means;
}
