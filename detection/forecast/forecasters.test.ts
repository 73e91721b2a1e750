import { describe, expect, it } from 'vitest';
import { createRandom } from '../../infra/runtime/random.ts';
import { createAutomaticForecaster } from './automatic-forecaster.ts';
import { createForecaster } from './create-forecaster.ts';
import { findSeasons } from './find-seasons.ts';
import { forecastMany } from './forecast-many.ts';
import { testForecaster } from './forecaster.conformance.ts';
import { createAdditive } from './methods/additive.ts';
import { createArima } from './methods/arima.ts';
import { createDecomposed } from './methods/decomposed.ts';
import { createDrift } from './methods/drift.ts';
import { createExponentialSmoothing } from './methods/exponential-smoothing.ts';
import { createGlobalRegression } from './methods/global-regression.ts';
import { createLagRegression } from './methods/lag-regression.ts';
import { createLogScale } from './methods/log-scale.ts';
import { createSeasonalNaive } from './methods/seasonal-naive.ts';
import { createTheta } from './methods/theta.ts';

testForecaster(() => createForecaster(createSeasonalNaive()), { seasonal: true, trending: false });
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
  it('covers what it says over a set that no one method fits', () => {
    const random = createRandom(11);
    const all = Array.from({ length: 12 }, (_, i) => {
      let level = 100;
      return Float64Array.from({ length: 168 + 24 }, (_unused, t) => {
        level += i % 3 === 0 ? random.next() - 0.5 : 0;
        return level + (i % 2) * 20 * Math.sin((2 * Math.PI * t) / 24) + 5 * random.next();
      });
    });
    const made = forecastMany(
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
