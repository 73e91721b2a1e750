import type { Sample } from '../../domain/signal.ts';
import { centreAndSpread, median, quantileOfSorted, sortedFinite } from '../signals/robust-statistics.ts';
import { fitHolt, holtAhead } from './holt.ts';

/** A forecast point with a 95 % interval. */
export interface ForecastPoint {
  at: number;
  value: number;
  low: number;
  high: number;
}

export interface Forecast {
  method: 'damped-trend' | 'seasonal-naive' | 'last-value';
  points: ForecastPoint[];
  /** When the forecast first reaches the threshold, in milliseconds since the epoch; and the earliest time that the interval allows. */
  reaches?: { likely?: number; earliest?: number };
}

/**
 * Forecasts one series over a horizon: seasonal naive when a season shows at least twice (autocorrelation above 0.5), else damped-trend Holt,
 * else the last value; whichever of the first two missed less one step ahead on the series itself. Intervals from residual quantiles that
 * widen with the square root of the step (Hyndman and Athanasopoulos, section 5.5). Values never go below zero where none ever did.
 * Undefined for fewer than four samples.
 */
export function forecastSeries(
  samples: readonly Sample[],
  options: { horizonMs: number; threshold?: number; points?: number },
): Forecast | undefined {
  const step = median(samples.slice(1).map(([at], index) => at - samples[index]![0]));
  if (samples.length < 4 || !(step > 0)) return undefined;
  const values = samples.map(([, value]) => value);
  const steps = Math.max(1, Math.min(2_000, Math.ceil(options.horizonMs / step)));
  const holt = fitHolt(values);
  const season = seasonOf(values);
  const naive = season === undefined ? undefined : values.slice(season).map((value, index) => value - values[index]!);
  const seasonal = season !== undefined && naive !== undefined && spreadOf(naive) < spreadOf(holt.residuals);
  const residuals = sortedFinite(seasonal ? naive : holt.residuals);
  const low = Math.min(0, quantileOfSorted(residuals, 0.025) || 0);
  const high = Math.max(0, quantileOfSorted(residuals, 0.975) || 0);
  const floor = values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  const last = samples.at(-1)![0];
  const all: ForecastPoint[] = [];
  for (let ahead = 1; ahead <= steps; ahead += 1) {
    const value = seasonal ? values[values.length - season + ((ahead - 1) % season)]! : holtAhead(holt, ahead);
    const widen = Math.sqrt(seasonal ? Math.ceil(ahead / season) : ahead);
    all.push({
      at: last + ahead * step,
      value: Math.max(floor, value),
      low: Math.max(floor, value + low * widen),
      high: Math.max(floor, value + high * widen),
    });
  }
  const stride = Math.ceil(all.length / (options.points ?? 60));
  const forecast: Forecast = {
    method: seasonal ? 'seasonal-naive' : 'damped-trend',
    points: all.filter((_, index) => (index + 1) % stride === 0 || index === all.length - 1),
  };
  if (options.threshold !== undefined) forecast.reaches = reachedBy(all, values.at(-1)!, options.threshold);
  return forecast;
}

function reachedBy(
  points: readonly ForecastPoint[],
  now: number,
  threshold: number,
): { likely?: number; earliest?: number } {
  const upward = now < threshold;
  const likely = points.find(({ value }) => (upward ? value >= threshold : value <= threshold))?.at;
  const earliest = points.find(({ low, high }) => (upward ? high >= threshold : low <= threshold))?.at;
  return { ...(likely === undefined ? {} : { likely }), ...(earliest === undefined ? {} : { earliest }) };
}

function spreadOf(residuals: readonly number[]): number {
  return (
    centreAndSpread(residuals).spread ||
    residuals.reduce((total, residual) => total + Math.abs(residual), 0) / Math.max(1, residuals.length)
  );
}

/** The lag (2 to half the length) whose autocorrelation is a peak above 0.5, the highest one; undefined when none. */
function seasonOf(values: readonly number[]): number | undefined {
  const { centre } = centreAndSpread(values);
  const centred = values.map((value) => value - centre);
  const power = centred.reduce((total, value) => total + value * value, 0);
  if (power === 0 || values.length < 16) return undefined;
  const correlation = (lag: number): number =>
    centred.slice(lag).reduce((total, value, index) => total + value * centred[index]!, 0) / power;
  let best: { lag: number; value: number } | undefined;
  for (let lag = 4; lag <= Math.min(values.length / 2, 1_500); lag += 1) {
    const value = correlation(lag);
    if (value > 0.5 && value > (best?.value ?? 0) && value >= correlation(lag - 1) && value >= correlation(lag + 1))
      best = { lag, value };
  }
  return best?.lag;
}
