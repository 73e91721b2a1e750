import type { Forecast, ForecastInput } from '../contracts.ts';
import { candidatesFor } from './automatic-forecaster.ts';
import { followed, lookAhead, planBacktest, replay } from './backtest.ts';
import type { BacktestPlan } from './backtest.ts';
import { boundForecast, constantForecast } from './bound-forecast.ts';
import { blend, missesOf, shortlist, weighCandidates } from './combine.ts';
import type { Candidate } from './combine.ts';
import { multiplierOf, profileMisses } from './conformal.ts';
import type { MissProfile } from './conformal.ts';
import { nameOf } from './create-forecaster.ts';
import type { ReadySeries } from './point-method.ts';
import { prepareSeries } from './prepare-series.ts';
import type { PreparedSeries } from './prepare-series.ts';
import { replayOverSet } from './shared-method.ts';
import type { SharedMethod, SharedReplay } from './shared-method.ts';

export interface ManyOptions {
  coverage?: number;
  /** Rolling origins that are looked back at, at most. */
  origins?: number;
  shared?: readonly SharedMethod[];
}

interface Judged {
  series: PreparedSeries;
  candidates: Candidate[];
  actual: Float64Array[];
  profile: MissProfile;
}

/**
 * Forecasts a set of series that go on together (a fleet, a benchmark): each by its own weights over all methods and those that learn from the
 * whole set, the width of the intervals by the misses of the whole set, so that their coverage holds over it. A shared method is learned
 * anew for each origin, from what was known there. Cost: origins + 1 fits of all methods on all series.
 */
export function forecastMany(inputs: readonly ForecastInput[], horizon: number, options: ManyOptions = {}): Forecast[] {
  const { coverage = 0.95, origins = 10 } = options;
  const all = inputs.map(prepareSeries);
  const moving = all.filter(({ constant }) => !constant);
  const plans = new Map(moving.map((series) => [series, planOf(series, horizon, origins)]));
  const shared = (options.shared ?? []).flatMap((one) => replayOverSet(one, moving, plans, horizon));
  const judged = new Map(moving.map((series) => [series, judge(series, plans.get(series)!, horizon, shared)]));
  const pooled = Float64Array.from([...judged.values()].flatMap(({ profile }) => [...profile.standardised])).sort();
  const multiplier = multiplierOf(pooled, coverage, origins * moving.length);
  return all.map((series) => {
    const known = judged.get(series);
    if (known === undefined) return constantForecast(series, horizon, coverage);
    const weights = weighCandidates(known.candidates, known.actual);
    const points = known.candidates.map(({ method }) => lookAhead(method, series, horizon));
    return boundForecast(series, blend(points, weights), {
      method: nameOf(known.candidates, weights),
      profile: known.profile,
      multiplier,
      coverage,
    });
  });
}

function planOf(series: ReadySeries, horizon: number, origins: number): BacktestPlan {
  const { length } = series.values;
  return planBacktest(length, Math.min(length >> 1, 2 * (series.seasons.at(-1) ?? 2)), horizon, origins);
}

function judge(series: PreparedSeries, plan: BacktestPlan, horizon: number, shared: readonly SharedReplay[]): Judged {
  const positive = series.values.every((value) => value > 0);
  const own = candidatesFor({ seasons: series.seasons, positive, full: true, length: series.values.length });
  const candidates = own.flatMap((method) => {
    const replayed = replay(method, series, plan);
    return replayed === undefined ? [] : [{ method, replayed }];
  });
  for (const one of shared) {
    const replayed = one.replayed.get(series);
    if (replayed !== undefined) candidates.push({ method: one.method, replayed });
  }
  const came = followed(series, plan);
  const sound = shortlist(
    candidates.filter(({ replayed }) => replayed.every((one) => one.every((value) => Number.isFinite(value)))),
    came,
  );
  const used = sound.length > 0 ? sound : own.slice(0, 1).map((method) => ({ method, replayed: [] }));
  const actual = sound.length > 0 ? came : [];
  return {
    series,
    candidates: used,
    actual,
    profile: profileMisses(sound.length > 0 ? missesOf(used, actual) : [], horizon),
  };
}
