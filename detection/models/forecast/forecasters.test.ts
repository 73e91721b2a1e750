import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { createAutomaticForecaster } from './automatic-forecaster.ts';
import { followed, planBacktest, replay } from './backtest.ts';
import { missesOf, weighCandidates } from './combine.ts';
import type { Candidate } from './combine.ts';
import { createForecaster } from './create-forecaster.ts';
import { findSeasons } from './find-seasons.ts';
import { forecastMany } from './forecast-many.ts';
import { testForecaster } from './forecaster.conformance.ts';
import { createAdditive } from './methods/additive.ts';
import { createArima } from './methods/arima.ts';
import { createDecomposed } from './methods/decomposed.ts';
import { createDrift } from './methods/drift.ts';
import { createExponentialSmoothing } from './methods/exponential-smoothing.ts';
import { createGlobalNetwork } from './methods/global-network.ts';
import { createGlobalRegression } from './methods/global-regression.ts';
import { createLagRegression } from './methods/lag-regression.ts';
import { createLogScale } from './methods/log-scale.ts';
import { createGlobalBoosting } from './methods/global-boosting.ts';
import { createSeasonalNaive } from './methods/seasonal-naive.ts';
import { createSeasonalProfile } from './methods/seasonal-profile.ts';
import { createTheta } from './methods/theta.ts';
import { replayOverSet } from './shared-method.ts';
import { blendFamilies, missesOfFamilies, weighFamilies } from './weigh-families.ts';

testForecaster(() => createForecaster(createSeasonalNaive()), { seasonal: true, trending: false });
testForecaster(() => createForecaster(createSeasonalProfile()), { seasonal: true, trending: false });
testForecaster(() => createForecaster(createExponentialSmoothing()), { seasonal: true, trending: true });
testForecaster(() => createForecaster(createExponentialSmoothing({ trend: false, fitSteps: 24 })), {
  seasonal: true,
  trending: false,
});
testForecaster(() => createForecaster(createDrift()), { seasonal: true, trending: true });
testForecaster(() => createForecaster(createTheta()), { seasonal: true, trending: false });
testForecaster(() => createForecaster(createArima()), { seasonal: true, trending: true });
testForecaster(() => createForecaster(createAdditive()), { seasonal: true, trending: true });
testForecaster(() => createForecaster(createLagRegression()), { seasonal: true, trending: true });
testForecaster(() => createForecaster(createLogScale(createLagRegression())), { seasonal: true, trending: false });
testForecaster(() => createForecaster(createDecomposed(createArima())), { seasonal: true, trending: true });
testForecaster(() => createAutomaticForecaster(), { seasonal: true, trending: true });
testForecaster(() => createAutomaticForecaster({ effort: 'full' }), { seasonal: true, trending: true });

const hour = 3_600_000;

describe('a method', () => {
  it('says how many values it needs', () => {
    expect(() =>
      createForecaster(createAdditive()).forecast({ values: Float64Array.of(1, 2, 3), stepMs: hour, startMs: 0 }, 2),
    ).toThrow(/needs at least 12 values; the series has 3/);
  });

  it('learns what a holiday does', () => {
    const days = 70;
    const holidays = [20, 41, 62, 72].map((day) => day * 24 * hour);
    const values = Float64Array.from(
      { length: days },
      (_, day) => 100 + (day % 7) * 5 - (holidays.includes(day * 24 * hour) ? 60 : 0),
    );
    const { mean } = createForecaster(createAdditive({ holidays: { holiday: holidays } })).forecast(
      { values, stepMs: 24 * hour, startMs: 0, seasons: [7] },
      5,
    );
    expect(mean[2]! - mean[1]!).toBeLessThan(-40);
  });

  it('follows a slope that has changed', () => {
    const values = Float64Array.from({ length: 200 }, (_, t) => (t < 100 ? 10 : 10 + 3 * (t - 100)));
    const { mean } = createForecaster(createAdditive()).forecast({ values, stepMs: hour, startMs: 0, seasons: [] }, 10);
    expect(Math.abs(mean[9]! - 337)).toBeLessThan(25);
  });
});

describe('findSeasons', () => {
  const noisy = (length: number, at: (t: number) => number): Float64Array => {
    const random = createRandom(7);
    return Float64Array.from({ length }, (_, t) => at(t) + random.next());
  };

  it('finds a day and a week in hours, and a period that no calendar knows', () => {
    const week = noisy(840, (t) => 10 * Math.sin((2 * Math.PI * t) / 24) + (Math.floor(t / 24) % 7 > 4 ? -12 : 0));
    expect(findSeasons(week, hour)).toEqual([24, 168]);
    expect(
      findSeasons(
        noisy(300, (t) => 10 * Math.sin((2 * Math.PI * t) / 37)),
        60_000,
      ),
    ).toEqual([37]);
  });

  it('finds none in noise or in a slope', () => {
    expect(
      findSeasons(
        noisy(300, () => 0),
        60_000,
      ),
    ).toEqual([]);
    expect(
      findSeasons(
        noisy(300, (t) => t),
        60_000,
      ),
    ).toEqual([]);
  });
});

describe('forecastMany', () => {
  it('covers what it says over a set that no one method fits', async () => {
    const random = createRandom(11);
    const all = Array.from({ length: 12 }, (_, i) => {
      let level = 100;
      return Float64Array.from({ length: 168 + 24 }, (_unused, t) => {
        level += i % 3 === 0 ? random.next() - 0.5 : 0;
        return level + (i % 2) * 20 * Math.sin((2 * Math.PI * t) / 24) + 5 * random.next();
      });
    });
    const made = await forecastMany(
      all.map((values) => ({ values: values.slice(0, 168), stepMs: hour, startMs: 0, seasons: [24] })),
      24,
      { shared: [createGlobalRegression()], origins: 4 },
    );
    let inside = 0;
    for (const [i, values] of all.entries())
      for (let h = 0; h < 24; h += 1)
        if (values[168 + h]! >= made[i]!.low[h]! && values[168 + h]! <= made[i]!.high[h]!) inside += 1;
    expect(inside / (12 * 24)).toBeGreaterThan(0.88);
    expect(inside / (12 * 24)).toBeLessThan(1);
  });
});

/** A fleet whose days differ: some steps are missed by whoever does not know that a high day is followed by a low one. */
function fleet(count: number, days: number, seed: number): Float64Array[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const level = 50 + 100 * random.next();
    let high = 0;
    return Float64Array.from({ length: 24 * days }, (_, t) => {
      if (t % 24 === 0) high = high > 0.1 ? 0 : 0.4 * random.next();
      return level * (1 + 0.3 * Math.sin((2 * Math.PI * t) / 24) + high) * (1 + 0.02 * (random.next() - 0.5));
    });
  });
}

const relativeMiss = (actual: Float64Array, said: Float64Array): number =>
  actual.reduce((sum, value, h) => sum + Math.abs(value - said[h]!) / value / actual.length, 0);

describe('global boosting', () => {
  const small = { trees: 60, mostRows: 10_000 };
  const all = fleet(24, 15, 3);
  const known = all.map((values) => ({ values: values.slice(0, -24), stepMs: hour, startMs: 0, seasons: [24] }));
  const came = all.map((values) => values.slice(-24));

  it('learns from the fleet what no series shows often enough', async () => {
    const boosting = await createGlobalBoosting(small).fit(known, 24);
    const profile = createSeasonalProfile();
    const missOf = (ahead: (series: (typeof known)[number]) => Float64Array): number =>
      known.reduce((sum, series, i) => sum + relativeMiss(came[i]!, ahead(series)) / known.length, 0);
    const own = missOf((series) => profile.ahead(series, 24));
    expect(missOf((series) => boosting.ahead(series, 24))).toBeLessThan(0.8 * own);
  });

  it.each([createGlobalBoosting(), createGlobalNetwork()])(
    'says that it cannot take series without a season or too short to learn from: $method',
    async (shared) => {
      const seasonless = await shared.fit([{ ...known[0]!, seasons: [] }], 24);
      expect(seasonless.needs([])).toBe(Number.POSITIVE_INFINITY);
      const short = known.map((series) => ({ ...series, values: series.values.slice(0, 60) }));
      expect((await shared.fit(short, 24)).needs([24])).toBe(Number.POSITIVE_INFINITY);
    },
  );

  it('carries the forecast of a set where it does best, and not that of one alone', async () => {
    const plans = new Map(known.map((series) => [series, planBacktest(series.values.length, 48, 24, 3)]));
    const [inLogs] = await replayOverSet(createGlobalBoosting(small), known, plans, 24);
    expect(inLogs!.method.method).toBe('log-global-boosting');
    const says = known.map((series) => {
      const naive = replay(createSeasonalNaive(), series, plans.get(series)!)!;
      return weighFamilies([naive, inLogs!.replayed.get(series)!], followed(series, plans.get(series)!));
    });
    expect(says.filter((say) => say[1]! > 0.5).length).toBeGreaterThan(20);
    expect(await replayOverSet(createGlobalBoosting(), known.slice(0, 1), plans, 24)).toEqual([]);
  });

  it('has a say in the forecast of the set, and is named', async () => {
    const [first] = await forecastMany(known, 24, { shared: [createGlobalBoosting(small)], origins: 4 });
    expect(first!.method).toContain('log-global-boosting');
  });
});

describe('global network', () => {
  it('learns from the fleet what no series shows often enough, the same twice', async () => {
    const all = fleet(24, 20, 3);
    const known = all.map((values) => ({
      values: values.slice(0, -24).map(Math.log),
      stepMs: hour,
      startMs: 0,
      seasons: [24],
    }));
    const small = { hidden: 32, steps: 400, batch: 64, dropout: 0.1 };
    const [network, again] = [
      await createGlobalNetwork(small).fit(known, 24),
      await createGlobalNetwork(small).fit(known, 24),
    ];
    const missOf = (ahead: (series: (typeof known)[number]) => Float64Array): number =>
      known.reduce(
        (sum, series, i) => sum + relativeMiss(all[i]!.slice(-24), ahead(series).map(Math.exp)) / known.length,
        0,
      );
    const naive = missOf((series) => createSeasonalNaive().ahead(series, 24));
    expect(missOf((series) => network.ahead(series, 24))).toBeLessThan(0.6 * naive);
    expect(again.ahead(known[0]!, 24)).toEqual(network.ahead(known[0]!, 24));
  });
});

describe('weighFamilies', () => {
  const actual = [Float64Array.of(10, 10), Float64Array.of(10, 10), Float64Array.of(10, 10)];
  const off = (by: number): Float64Array[] => actual.map((values) => values.map((value) => value + by));

  it('shares between near equals and gives little to one that is far off', () => {
    const says = weighFamilies([off(1), off(-0.95), off(9)], actual);
    expect(says[0]! + says[1]!).toBeGreaterThan(0.98);
    expect(says[1]!).toBeGreaterThan(0.35);
    const missed = missesOfFamilies([off(1), off(-0.95), off(9)], actual, { positive: true }).flatMap((misses) => [
      ...misses,
    ]);
    expect(Math.max(...missed.map(Math.abs))).toBeLessThan(0.5);
  });

  it('blends what is positive as logarithms, and the rest as it is', () => {
    const half = Float64Array.of(0.5, 0.5);
    const points = [Float64Array.of(1, 1), Float64Array.of(100, -1)];
    const [both, mixed] = blendFamilies(points, half, { positive: true });
    expect([both, mixed].map((value) => Number(value!.toFixed(9)))).toEqual([10, 0]);
    expect(blendFamilies(points, half, { positive: false })[0]).toBe(50.5);
  });

  it('compares only where all could speak, and leaves all to the first where that is nowhere', () => {
    const [far, near] = [off(5), off(0.1)];
    expect(weighFamilies([far, [undefined, near[1], undefined]], actual)[1]!).toBeGreaterThan(0.99);
    const silent = weighFamilies([far, [undefined, undefined, undefined]], actual);
    expect([...silent]).toEqual([1, 0]);
    expect(missesOfFamilies([far, [undefined, near[1], near[2]]], actual, { positive: false })[0]).toEqual(
      Float64Array.of(-5, -5),
    );
  });
});

describe('weighCandidates', () => {
  const random = createRandom(5);
  const actual = Array.from({ length: 6 }, () => Float64Array.from({ length: 12 }, () => 100 + 10 * random.next()));
  const candidate = (name: string, miss: (k: number, h: number) => number): Candidate => ({
    method: { ...createSeasonalNaive(), method: name },
    replayed: actual.map((values, k) => values.map((value, h) => value + miss(k, h))),
  });
  const sized = (misses: readonly Float64Array[]): number =>
    misses.reduce((sum, miss) => sum + miss.reduce((total, value) => total + Math.abs(value), 0), 0);

  it('finds two candidates whose misses cancel, though a third misses less than each', () => {
    const candidates = [
      candidate('over', () => 6),
      candidate('under', () => -6),
      candidate('even', (k, h) => ((k + h) % 2 === 0 ? 5 : -5)),
    ];
    const weights = weighCandidates(candidates, actual);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1);
    expect(weights[0]! + weights[1]!).toBeGreaterThan(0.6);
    expect(sized(missesOf(candidates, actual))).toBeLessThan(0.7 * 5 * 6 * 12);
  });

  it('keeps to past errors where there is one origin, and takes values of any sign', () => {
    const two = [candidate('good', () => 1), candidate('poor', () => 9)];
    expect(weighCandidates(two, actual.slice(0, 1))[0]!).toBeGreaterThan(0.99);
    const around = actual.map((values) => values.map((value) => value - 105));
    const signed = two.map(({ method, replayed }) => ({
      method,
      replayed: replayed.map((values) => values.map((value) => value - 105)),
    }));
    const weights = weighCandidates(signed, around);
    expect(weights.every((weight) => weight >= 0 && weight <= 1)).toBe(true);
    expect(weights[0]!).toBeGreaterThan(0.9);
  });
});
