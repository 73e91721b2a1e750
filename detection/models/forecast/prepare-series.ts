import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { ForecastInput } from '../contracts.ts';
import { findSeasons } from './find-seasons.ts';
import type { ReadySeries } from './point-method.ts';

/** A series ready to be forecast, and what holds for each forecast of it. */
export interface PreparedSeries extends ReadySeries {
  /** True when all values are the same. */
  constant: boolean;
  /** 0 where no value lies below it, else minus infinity: what a forecast may not fall under. */
  floor: number;
}

/**
 * Trims missing values at both ends and fills the others: from the same phase of the neighbouring periods where a season is known, else on the
 * line between the neighbours. Infinite values count as missing. Throws INPUT_INVALID when there is no value, when more than half of the
 * stretch is missing, or when the step is not positive. Seasons that do not show twice are left out.
 */
export function prepareSeries(input: ForecastInput): PreparedSeries {
  if (!(input.stepMs > 0)) throw new CerebroError('INPUT_INVALID', 'A forecast needs a positive step between values.');
  const raw = input.values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  let from = 0;
  let to = raw.length;
  while (from < to && Number.isNaN(raw[from]!)) from += 1;
  while (to > from && Number.isNaN(raw[to - 1]!)) to -= 1;
  const values = raw.slice(from, to);
  const missing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (values.length === 0) throw new CerebroError('INPUT_INVALID', 'The series holds no value to forecast from.');
  if (missing * 2 > values.length)
    throw new CerebroError(
      'INPUT_INVALID',
      `${missing} of ${values.length} values are missing; a forecast needs half of them.`,
    );
  const line = missing === 0 ? values : fillLine(values);
  const asked = input.seasons ?? findSeasons(line, input.stepMs);
  const seasons = [...new Set(asked)]
    .filter((season) => season >= 2 && season * 2 <= values.length)
    .sort((a, b) => a - b);
  const filled = missing === 0 || seasons.length === 0 ? line : fillPhase(values, line, seasons.at(-1)!);
  const least = filled.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const most = filled.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  // Samples missing at the end are steps that still have to be forecast; who asks counts from the end of the input.
  return {
    values: to === raw.length ? filled : extendLast(filled, raw.length - to, seasons.at(-1)),
    seasons,
    stepMs: input.stepMs,
    startMs: input.startMs + from * input.stepMs,
    constant: least === most,
    floor: least >= 0 ? 0 : Number.NEGATIVE_INFINITY,
  };
}

function fillLine(values: Float64Array): Float64Array {
  const filled = values.slice();
  let last = 0;
  for (let t = 1; t < filled.length; t += 1) {
    if (Number.isNaN(filled[t]!)) continue;
    for (let gap = last + 1; gap < t; gap += 1)
      filled[gap] = filled[last]! + ((filled[t]! - filled[last]!) * (gap - last)) / (t - last);
    last = t;
  }
  return filled;
}

function fillPhase(values: Float64Array, line: Float64Array, season: number): Float64Array {
  const filled = line.slice();
  for (let t = 0; t < values.length; t += 1) {
    if (!Number.isNaN(values[t]!)) continue;
    const around = [values[t - season], values[t + season]].filter(
      (value) => value !== undefined && !Number.isNaN(value),
    );
    if (around.length > 0) filled[t] = around.reduce((sum, value) => sum! + value!, 0)! / around.length;
  }
  return filled;
}

function extendLast(values: Float64Array, count: number, season: number | undefined): Float64Array {
  const longer = new Float64Array(values.length + count);
  longer.set(values);
  for (let t = values.length; t < longer.length; t += 1) longer[t] = longer[t - (season ?? 1)]!;
  return longer;
}

/** Whether all that is known of a series is above zero, so that logarithms and relative misses say something. */
export function isPositive({ values }: ReadySeries): boolean {
  return values.every((value) => value > 0);
}
