import type { Forecast } from '../contracts.ts';
import type { MissProfile } from './conformal.ts';
import type { PreparedSeries } from './prepare-series.ts';

/** A forecast from its points and the misses to expect: bounds in order, nothing below zero where nothing ever was, all values finite. */
export function boundForecast(
  series: PreparedSeries,
  points: Float64Array,
  spread: { method: string; profile: MissProfile; multiplier: number; coverage: number },
): Forecast {
  const last = series.values.at(-1)!;
  const mean = points.map((value) => Math.max(series.floor, Number.isFinite(value) ? value : last));
  const width = spread.profile.scale.map((scale) => scale * spread.multiplier);
  return {
    method: spread.method,
    mean,
    low: mean.map((value, h) => Math.max(series.floor, value - width[h]!)),
    high: mean.map((value, h) => value + width[h]!),
    coverage: spread.coverage,
  };
}

/** A series that has never moved goes on as it is, without an interval. */
export function constantForecast(series: PreparedSeries, horizon: number, coverage: number): Forecast {
  const mean = new Float64Array(horizon).fill(series.values[0]!);
  return { method: 'constant', mean, low: mean.slice(), high: mean.slice(), coverage };
}
