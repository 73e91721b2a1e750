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
import type { PointMethod, ReadySeries } from './point-method.ts';
import { isPositive, prepareSeries } from './prepare-series.ts';
import type { PreparedSeries } from './prepare-series.ts';
import { replayOverSet } from './shared-method.ts';
import type { SharedMethod, SharedReplay } from './shared-method.ts';
import { blendFamilies, missesOfFamilies, weighFamilies } from './weigh-families.ts';

export interface ManyOptions {
  coverage?: number;
  /** Rolling origins that are looked back at, at most. */
  origins?: number;
  shared?: readonly SharedMethod[];
}

interface Judged {
  /** The methods of the series itself, and their weights among themselves. */
  candidates: Candidate[];
  weights: Float64Array;
  /** Methods that learned from the whole set and were judged by series that they had not seen: each a family beside all of the above. */
  peers: PointMethod[];
  /** The say of the series' own methods together, then of each peer. */
  says: Float64Array;
  profile: MissProfile;
  /** Whether the series was always positive. */
  positive: boolean;
}

/**
 * Forecasts a set of series that go on together (a fleet, a benchmark): each by its own weights over all methods, then over families, which are its own
 * methods together and those that learn from the whole set; the width of the intervals by the misses of the whole set, so that their
 * coverage holds over it. Cost: origins + 1 fits of all methods on all series, and the fits of the shared methods.
 */
export async function forecastMany(
  inputs: readonly ForecastInput[],
  horizon: number,
  options: ManyOptions = {},
): Promise<Forecast[]> {
  const { coverage = 0.95, origins = 10 } = options;
  const all = inputs.map(prepareSeries);
  const moving = all.filter(({ constant }) => !constant);
  const plans = new Map(moving.map((series) => [series, planOf(series, horizon, origins)]));
  const shared: SharedReplay[] = [];
  for (const one of options.shared ?? []) shared.push(...(await replayOverSet(one, moving, plans, horizon)));
  const judged = new Map(moving.map((series) => [series, judge(series, plans.get(series)!, horizon, shared)]));
  const pooled = Float64Array.from([...judged.values()].flatMap(({ profile }) => [...profile.standardised])).sort();
  const multiplier = multiplierOf(pooled, coverage, origins * moving.length);
  return all.map((series) => {
    const known = judged.get(series);
    if (known === undefined) return constantForecast(series, horizon, coverage);
    const own = blend(
      known.candidates.map(({ method }) => lookAhead(method, series, horizon)),
      known.weights,
    );
    const points = [own, ...known.peers.map((method) => lookAhead(method, series, horizon))];
    return boundForecast(series, blendFamilies(points, known.says, known), {
      method: methodOf(known),
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
  const positive = isPositive(series);
  const own = candidatesFor({ seasons: series.seasons, positive, full: true, length: series.values.length });
  const offered = own.flatMap((method) => {
    const replayed = replay(method, series, plan);
    return replayed === undefined ? [] : [{ method, replayed }];
  });
  for (const { method, judgedBy, replayed } of shared) {
    const made = replayed.get(series)?.filter((said) => said !== undefined);
    if (judgedBy === 'earlier' && made?.length === plan.origins.length) offered.push({ method, replayed: made });
  }
  const came = followed(series, plan);
  const sound = shortlist(
    offered.filter(({ replayed }) => replayed.every(isFinite)),
    came,
  );
  if (sound.length === 0) {
    const candidates = own.slice(0, 1).map((method) => ({ method, replayed: [] }));
    return {
      candidates,
      weights: Float64Array.of(1),
      peers: [],
      says: Float64Array.of(1),
      profile: profileMisses([], horizon),
      positive,
    };
  }
  const together = missesOf(sound, came).map((misses, k) => misses.map((miss, h) => came[k]![h]! - miss));
  const peers = shared.flatMap(({ method, judgedBy, replayed }) => {
    const said = replayed.get(series);
    return judgedBy === 'others' && said?.every((one) => one === undefined || isFinite(one)) === true
      ? [{ method, said }]
      : [];
  });
  const families = [together, ...peers.map(({ said }) => said)];
  return {
    candidates: sound,
    positive,
    weights: weighCandidates(sound, came),
    peers: peers.map(({ method }) => method),
    says: weighFamilies(families, came),
    profile: profileMisses(missesOfFamilies(families, came, { positive }), horizon),
  };
}

function isFinite(values: Float64Array): boolean {
  return values.every((value) => Number.isFinite(value));
}

function methodOf({ candidates, weights, peers, says }: Judged): string {
  const all = [...candidates, ...peers.map((method) => ({ method, replayed: [] }))];
  const shares = [...weights].map((weight) => weight * says[0]!);
  return nameOf(all, Float64Array.from([...shares, ...says.subarray(1)]));
}
