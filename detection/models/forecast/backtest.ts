import type { PointMethod, ReadySeries } from './point-method.ts';

/** Where a series is cut to look ahead from, newest first, and how far: all `horizon` values after each cut are known. */
export interface BacktestPlan {
  origins: readonly number[];
  horizon: number;
}

/**
 * Rolling origins (Tashman 2000): cuts half a horizon apart, the newest leaving just one horizon. A horizon longer than a third of what lies
 * beyond `needs` is tested only that far. No origin when fewer than two values lie beyond.
 */
export function planBacktest(length: number, needs: number, horizon: number, most = 7): BacktestPlan {
  const beyond = length - needs;
  if (beyond < 2) return { origins: [], horizon: 0 };
  const tested = Math.max(1, Math.min(horizon, Math.floor(beyond / 3)));
  const room = beyond - tested;
  const stride = Math.max(1, Math.min(Math.ceil(tested / 2), Math.floor(room / Math.max(1, most - 1))));
  const count = Math.min(most, Math.floor(room / stride) + 1);
  return { origins: Array.from({ length: count }, (_, k) => length - tested - k * stride), horizon: tested };
}

/** The series as it was known at an origin; a season that did not yet show twice is left out. */
export function cutAt(series: ReadySeries, origin: number): ReadySeries {
  return {
    ...series,
    values: series.values.subarray(0, origin),
    seasons: series.seasons.filter((season) => season * 2 <= origin),
  };
}

/** What a method would have said at each origin of the plan; undefined when it cannot take the shortest of the cuts. */
export function replay(method: PointMethod, series: ReadySeries, plan: BacktestPlan): Float64Array[] | undefined {
  const shortest = plan.origins.at(-1);
  if (shortest === undefined || method.needs(cutAt(series, shortest).seasons) > shortest) return undefined;
  return plan.origins.map((origin) => lookAhead(method, cutAt(series, origin), plan.horizon));
}

/**
 * What a method says, kept within three times the range that the series has had on either side (more when it is asked further than it has
 * seen): a recursion that runs away must neither be shown nor widen an interval beyond sense.
 */
export function lookAhead(method: PointMethod, series: ReadySeries, horizon: number): Float64Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of series.values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = 3 * (high - low) * Math.max(1, horizon / series.values.length);
  return method.ahead(series, horizon).map((value) => Math.min(high + room, Math.max(low - room, value)));
}

/** The values that followed each origin. */
export function followed(series: ReadySeries, plan: BacktestPlan): Float64Array[] {
  return plan.origins.map((origin) => series.values.subarray(origin, origin + plan.horizon));
}
