import type { Sample } from '../../../domain/signal.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Forecast, Forecaster } from '../contracts.ts';
import { evenlySpaced } from './evenly-spaced.ts';
import { timeToBreach, type Breach } from './time-to-breach.ts';

/** A forecast point with a 95 % interval; `at` in milliseconds since the epoch. */
export interface ForecastPoint {
  at: number;
  value: number;
  low: number;
  high: number;
}

export interface SamplesForecast {
  method: string;
  points: ForecastPoint[];
  breach?: Breach;
}

/**
 * Forecasts samples over a horizon and tells when a threshold is reached. Steps are the samples' own; a long horizon takes longer ones (a
 * two-hundredth of it), so long as 24 of them fit into the history. At most `points` points come back, evenly thinned, the last kept.
 * Undefined for fewer than four samples, no time between them, or too few of them since the last long gap.
 */
export function forecastSamples(
  samples: readonly Sample[],
  forecaster: Forecaster,
  options: { horizonMs: number; threshold?: number; points?: number },
): SamplesForecast | undefined {
  const span = samples.length === 0 ? 0 : samples.at(-1)![0] - samples[0]![0];
  const input = evenlySpaced(samples, { stepMs: Math.min(options.horizonMs / 200, span / 24) });
  if (input === undefined || !input.values.some((value) => Number.isFinite(value))) return undefined;
  const steps = Math.max(1, Math.min(2_000, Math.ceil(options.horizonMs / input.stepMs)));
  const forecast = forecastOf(forecaster, input, steps);
  if (forecast === undefined) return undefined;
  const last = samples.at(-1)![0];
  const stride = Math.ceil(steps / (options.points ?? 60));
  const points: ForecastPoint[] = [];
  for (let h = 0; h < steps; h += 1)
    if ((h + 1) % stride === 0 || h === steps - 1)
      points.push({
        at: last + (h + 1) * input.stepMs,
        value: forecast.mean[h]!,
        low: forecast.low[h]!,
        high: forecast.high[h]!,
      });
  if (options.threshold === undefined) return { method: forecast.method, points };
  const now = samples.findLast(([, value]) => Number.isFinite(value))![1];
  return {
    method: forecast.method,
    points,
    breach: timeToBreach(forecast, { last: now, threshold: options.threshold, stepMs: input.stepMs }),
  };
}

/** One series that no method can forecast must not stop the answer about all others. */
function forecastOf(forecaster: Forecaster, ...asked: Parameters<Forecaster['forecast']>): Forecast | undefined {
  try {
    return forecaster.forecast(...asked);
  } catch (thrown) {
    if (thrown instanceof CerebroError && thrown.code === 'INPUT_INVALID') return undefined;
    throw thrown;
  }
}
