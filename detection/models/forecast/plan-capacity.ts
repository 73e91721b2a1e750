import type { Sample } from '../../../domain/signal.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createAutomaticForecaster, type AutomaticOptions } from './automatic-forecaster.ts';
import { evenlySpaced } from './evenly-spaced.ts';
import { timeToBreach, type Breach } from './time-to-breach.ts';

const day = 86_400_000;

export interface CapacityPlan {
  method: string;
  /** The peak of each day to come, with a 95 % interval; `day` 1 is the first whole day after the last sample. */
  days: { day: number; peak: number; low: number; high: number }[];
  /** When the peaks reach the limit. */
  breach?: Breach;
  /** What the limit has to be so that the upper bound of the last day's peak leaves the headroom free. */
  needed: number;
  /** True when less history was there than is looked ahead, so that the plan leans on the trend alone. */
  thin: boolean;
}

/**
 * Peaks of a metric over the next 1 to 90 days, from its daily peaks where at least ten days are known, else from hourly ones. `headroom` is the
 * share of the limit that is to stay free (0.2). Throws INPUT_INVALID for fewer than 12 steps of history or days outside 1 to 90.
 */
export function planCapacity(
  samples: readonly Sample[],
  options: { days: number; limit?: number; headroom?: number } & AutomaticOptions,
): CapacityPlan {
  if (!(options.days >= 1 && options.days <= 90))
    throw new CerebroError('INPUT_INVALID', 'A plan looks 1 to 90 days ahead.');
  const span = samples.length === 0 ? 0 : samples.at(-1)![0] - samples[0]![0];
  const daily = span >= 10 * day;
  const input = evenlySpaced(samples, { stepMs: daily ? day : day / 24, of: 'peak' });
  if (input === undefined || input.values.length < 12)
    throw new CerebroError('INPUT_INVALID', 'Capacity needs at least 12 hours of history; better are some weeks.');
  const perDay = Math.max(1, Math.round(day / input.stepMs));
  const steps = Math.ceil(options.days) * perDay;
  const forecast = createAutomaticForecaster({ effort: 'full', ...options }).forecast(input, steps);
  const days = Array.from({ length: Math.ceil(options.days) }, (_, index) => {
    const from = index * perDay;
    const most = (values: Float64Array): number =>
      values.subarray(from, from + perDay).reduce((a, b) => Math.max(a, b));
    return { day: index + 1, peak: most(forecast.mean), low: most(forecast.low), high: most(forecast.high) };
  });
  const last = input.values.findLast((value) => Number.isFinite(value))!;
  return {
    method: forecast.method,
    days,
    ...(options.limit === undefined
      ? {}
      : { breach: timeToBreach(forecast, { last, threshold: options.limit, stepMs: input.stepMs, direction: 'up' }) }),
    needed: days.at(-1)!.high / (1 - (options.headroom ?? 0.2)),
    thin: input.values.length < steps,
  };
}
