import { createNormalEquations } from '../least-squares.ts';
import type { PointMethod } from '../point-method.ts';

export interface AdditiveOptions {
  /** Days (any time in them, UTC, milliseconds) that get an effect of their own, by name: past and future ones. */
  holidays?: Readonly<Record<string, readonly number[]>>;
  /** Places where the slope may change, spread over the first four fifths. */
  changePoints?: number;
  /** Penalty of a change of slope; more makes a stiffer trend. */
  stiffness?: number;
}

const day = 86_400_000;

/**
 * Trend + seasons + holidays, in the manner of Prophet (Taylor and Letham, The American Statistician 72, 2018): a piecewise-linear trend with
 * sparse changes of slope (the Laplace prior by three rounds of re-weighted ridge), Fourier terms for each season, one column for each
 * holiday. The last slope goes on. Cost: length x columns squared x 3.
 */
export function createAdditive(options: AdditiveOptions = {}): PointMethod {
  const holidays = Object.values(options.holidays ?? {}).map((days) => new Set(days.map((at) => Math.floor(at / day))));
  return {
    method: 'additive',
    needs: (seasons) => Math.max(12, 2 * (seasons.at(-1) ?? 1)),
    ahead({ values, seasons, startMs, stepMs }, horizon) {
      const length = values.length;
      const changes = Math.max(0, Math.min(options.changePoints ?? 20, Math.floor(length / 8)));
      const orders = seasons.map((season, s) => Math.min(s === 0 ? 10 : 6, Math.floor((season - 1) / 2)));
      const columns = 2 + changes + 2 * orders.reduce((sum, order) => sum + order, 0) + holidays.length;
      const fill = (t: number, row: Float64Array): void => {
        let column = 0;
        const put = (value: number): void => {
          row[column] = value;
          column += 1;
        };
        put(1);
        put(t / length);
        for (let k = 1; k <= changes; k += 1) put(Math.max(0, t / length - (0.8 * k) / (changes + 1)));
        for (let s = 0; s < seasons.length; s += 1)
          for (let order = 1; order <= orders[s]!; order += 1) {
            const angle = (2 * Math.PI * order * t) / seasons[s]!;
            put(Math.sin(angle));
            put(Math.cos(angle));
          }
        const date = Math.floor((startMs + t * stepMs) / day);
        for (const days of holidays) put(days.has(date) ? 1 : 0);
      };
      const mean = values.reduce((sum, value) => sum + value / length, 0);
      const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / length, 0)) || 1;
      const row = new Float64Array(columns);
      let penalties = new Float64Array(columns);
      for (let k = 0; k < changes; k += 1) penalties[2 + k] = 1;
      let weights: Float64Array = new Float64Array(columns);
      const stiffness = options.stiffness ?? 0.5;
      for (let round = 0; round < 3; round += 1) {
        const equations = createNormalEquations(columns);
        for (let t = 0; t < length; t += 1) {
          fill(t, row);
          equations.add(row, (values[t]! - mean) / spread);
        }
        for (let k = 0; k < changes; k += 1) {
          row.fill(0);
          row[2 + k] = 1;
          equations.add(row, 0, stiffness * penalties[2 + k]!);
        }
        weights = equations.solve(1e-5, [0]);
        penalties = weights.map((weight) => 1 / (Math.abs(weight) + 0.02));
      }
      return Float64Array.from({ length: horizon }, (_, h) => {
        fill(length + h, row);
        let value = 0;
        for (let i = 0; i < columns; i += 1) value += weights[i]! * row[i]!;
        return mean + spread * value;
      });
    },
  };
}
