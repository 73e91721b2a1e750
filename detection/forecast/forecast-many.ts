import type { Forecast, ForecastInput } from '../contracts.ts';
import { candidatesFor } from './automatic-forecaster.ts';
import { cutAt, followed, lookAhead, planBacktest, replay } from './backtest.ts';
import type { BacktestPlan } from './backtest.ts';
import { boundForecast, constantForecast } from './bound-forecast.ts';
import { blend, missesOf, shortlist, weighCandidates } from './combine.ts';
import type { Candidate } from './combine.ts';
import { multiplierOf, profileMisses } from './conformal.ts';
import type { MissProfile } from './conformal.ts';
import { nameOf } from './create-forecaster.ts';
import { createLogScale } from './methods/log-scale.ts';
import type { PointMethod, ReadySeries } from './point-method.ts';
import { prepareSeries } from './prepare-series.ts';
import type { PreparedSeries } from './prepare-series.ts';

/** A method that learns from all series at once. */
export interface SharedMethod {
  readonly method: string;
  /** Learns from the series as they are; what it gives looks ahead up to `horizon` on any series of the same seasons. */
  fit(all: readonly ReadySeries[], horizon: number): PointMethod;
}

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
  const coverage = options.coverage ?? 0.95;
  const all = inputs.map(prepareSeries);
  const moving = all.filter(({ constant }) => !constant);
  const plans = new Map(moving.map((series) => [series, planOf(series, horizon, options.origins ?? 7)]));
  const shared = (options.shared ?? []).flatMap((one) => sharedCandidates(one, moving, plans, horizon));
  const judged = new Map(moving.map((series) => [series, judge(series, plans.get(series)!, horizon, shared)]));
  const pooled = Float64Array.from([...judged.values()].flatMap(({ profile }) => [...profile.standardised])).sort();
  const multiplier = multiplierOf(pooled, coverage, 7 * moving.length);
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

interface SharedReplay {
  method: PointMethod;
  replayed: Map<ReadySeries, Float64Array[]>;
}

/** A shared method on values as they are, and on logarithms where all are positive, each learned at every origin. */
function sharedCandidates(
  shared: SharedMethod,
  all: readonly ReadySeries[],
  plans: ReadonlyMap<ReadySeries, BacktestPlan>,
  horizon: number,
): SharedReplay[] {
  const groups = new Map<string, ReadySeries[]>();
  for (const series of all) {
    const key = series.seasons.join();
    groups.set(key, [...(groups.get(key) ?? []), series]);
  }
  return [...groups.values()].flatMap((group) => {
    const positive = group.filter(({ values }) => values.every((value) => value > 0));
    return [
      replayShared(shared, { group, plans, horizon, inLogs: false }),
      ...(positive.length > 1 ? [replayShared(shared, { group: positive, plans, horizon, inLogs: true })] : []),
    ];
  });
}

function replayShared(
  shared: SharedMethod,
  of: {
    group: readonly ReadySeries[];
    plans: ReadonlyMap<ReadySeries, BacktestPlan>;
    horizon: number;
    inLogs: boolean;
  },
): SharedReplay {
  const { group, plans, horizon, inLogs } = of;
  const learn = (all: readonly ReadySeries[]): PointMethod => {
    if (!inLogs) return shared.fit(all, horizon);
    return createLogScale(
      shared.fit(
        all.map((series) => ({ ...series, values: series.values.map(Math.log) })),
        horizon,
      ),
    );
  };
  const method = learn(group);
  const replayed = new Map<ReadySeries, Float64Array[]>();
  const most = Math.max(...group.map((series) => plans.get(series)!.origins.length));
  for (let k = 0; k < most; k += 1) {
    const there = group.filter((series) => plans.get(series)!.origins[k] !== undefined);
    const cuts = there.map((series) => cutAt(series, plans.get(series)!.origins[k]!));
    const then = learn(cuts);
    for (const [i, series] of there.entries()) {
      const cut = cuts[i]!;
      if (then.needs(cut.seasons) > cut.values.length) continue;
      replayed.set(series, [...(replayed.get(series) ?? []), lookAhead(then, cut, plans.get(series)!.horizon)]);
    }
  }
  for (const [series, made] of replayed) if (made.length < plans.get(series)!.origins.length) replayed.delete(series);
  return { method, replayed };
}
