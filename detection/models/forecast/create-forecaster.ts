import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Forecaster } from '../contracts.ts';
import { followed, lookAhead, planBacktest, replay } from './backtest.ts';
import { boundForecast, constantForecast } from './bound-forecast.ts';
import { blend, missesOf, shortlist, weighCandidates } from './combine.ts';
import type { Candidate } from './combine.ts';
import { multiplierOf, profileMisses } from './conformal.ts';
import type { PointMethod } from './point-method.ts';
import { prepareSeries } from './prepare-series.ts';
import type { PreparedSeries } from './prepare-series.ts';

export interface ForecasterOptions {
  /** Rolling origins that are looked back at, at most. */
  origins?: number;
}

/** One method as a forecaster: missing values filled, intervals by conformal prediction over rolling origins. Cost: origins + 1 fits. */
export function createForecaster(method: PointMethod, options: ForecasterOptions = {}): Forecaster {
  return createCombination(method.method, () => [method], options);
}

/**
 * Several methods, weighted by how they did on rolling origins of the same series. `choose` names the candidates for a series; those that
 * it is too short for are left out.
 */
export function createCombination(
  name: string,
  choose: (series: PreparedSeries, horizon: number) => readonly PointMethod[],
  options: ForecasterOptions = {},
): Forecaster {
  return {
    method: name,
    forecast(input, horizon, { coverage = 0.95 } = {}) {
      if (!Number.isSafeInteger(horizon) || horizon < 1)
        throw new CerebroError('INPUT_INVALID', 'A forecast needs a horizon of at least one step.');
      const series = prepareSeries(input);
      const { length } = series.values;
      const offered = choose(series, horizon);
      const able = offered.filter((method) => method.needs(series.seasons) <= length);
      if (able.length === 0) {
        const least = Math.min(...offered.map((method) => method.needs(series.seasons)));
        throw new CerebroError('INPUT_INVALID', `${name} needs at least ${least} values; the series has ${length}.`);
      }
      if (series.constant) return constantForecast(series, horizon, coverage);
      // The shortest cut still serves every method that needs no more than half of what is known.
      const needs = able.map((method) => method.needs(series.seasons)).filter((least) => least * 2 <= length);
      const plan = planBacktest(length, Math.max(2, ...needs), horizon, options.origins);
      const actual = followed(series, plan);
      const replayable: Candidate[] = able.flatMap((method) => {
        const replayed = replay(method, series, plan);
        return replayed === undefined || replayed.some((one) => !one.every((value) => Number.isFinite(value)))
          ? []
          : [{ method, replayed }];
      });
      const candidates = shortlist(replayable, actual);
      const used = candidates.length === 0 ? able.slice(0, 1).map((method) => ({ method, replayed: [] })) : candidates;
      const weights = weighCandidates(used, candidates.length === 0 ? [] : actual);
      const misses = candidates.length === 0 ? [stepsOf(series.values)] : missesOf(used, actual);
      const profile = profileMisses(misses, horizon);
      return boundForecast(
        series,
        blend(
          used.map(({ method }) => lookAhead(method, series, horizon)),
          weights,
        ),
        {
          method: used.length === 1 ? used[0]!.method.method : nameOf(used, weights),
          profile,
          multiplier: multiplierOf(profile.standardised, coverage, misses.length),
          coverage,
        },
      );
    },
  };
}

/** The methods that carry a combination, heaviest first, variants of one method together: those with at least a fifth of the weight, or the heaviest alone. */
export function nameOf(candidates: readonly Candidate[], weights: Float64Array): string {
  const shares = new Map<string, number>();
  for (const [i, { method }] of candidates.entries())
    shares.set(method.method, (shares.get(method.method) ?? 0) + weights[i]!);
  const ranked = [...shares].sort(([, left], [, right]) => right - left);
  return ranked
    .filter(([, weight], rank) => rank === 0 || weight >= 0.2)
    .map(([name]) => name)
    .join(' + ');
}

/** Where nothing can be replayed: the typical step of the series as the miss of one step. */
function stepsOf(values: Float64Array): Float64Array {
  let total = 0;
  for (let t = 1; t < values.length; t += 1) total += (values[t]! - values[t - 1]!) ** 2;
  return Float64Array.of(Math.sqrt(total / Math.max(1, values.length - 1)));
}
