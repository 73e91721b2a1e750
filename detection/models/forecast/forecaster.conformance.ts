import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Forecaster } from '../contracts.ts';

const step = { stepMs: 3_600_000, startMs: 0 };
const horizon = 24;

/** A day's wave on a slope, with noise. */
function wave(length: number, seed: number, of: { slope?: number; noise?: number; level?: number } = {}): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from(
    { length },
    (_, t) =>
      (of.level ?? 100) +
      (of.slope ?? 0) * t +
      20 * Math.sin((2 * Math.PI * t) / 24) +
      (of.noise ?? 4) * (random.next() - 0.5),
  );
}

/** What every forecaster promises. `seasonal`: it repeats a season that it has seen; `trending`: it goes on with a steady growth. */
export function testForecaster(create: () => Forecaster, has: { seasonal: boolean; trending: boolean }): void {
  const forecaster = create();
  describe(forecaster.method, () => {
    it('gives a value and bounds in order for each step, all finite, the same each time', () => {
      const input = { values: wave(240, 1), ...step, seasons: [24] };
      const made = forecaster.forecast(input, horizon);
      expect([made.mean.length, made.low.length, made.high.length]).toEqual([horizon, horizon, horizon]);
      expect(made.coverage).toBe(0.95);
      for (let h = 0; h < horizon; h += 1) {
        expect(Number.isFinite(made.low[h]! + made.high[h]!)).toBe(true);
        expect(made.low[h]!).toBeLessThanOrEqual(made.mean[h]!);
        expect(made.high[h]!).toBeGreaterThanOrEqual(made.mean[h]!);
      }
      expect(create().forecast(input, horizon)).toEqual(made);
    });

    it('covers about what it says over many series', () => {
      let inside = 0;
      let all = 0;
      for (let seed = 1; seed <= 12; seed += 1) {
        const values = wave(240 + horizon, seed, { noise: 30 });
        const made = forecaster.forecast({ values: values.slice(0, 240), ...step, seasons: [24] }, horizon);
        for (let h = 0; h < horizon; h += 1) {
          all += 1;
          if (values[240 + h]! >= made.low[h]! && values[240 + h]! <= made.high[h]!) inside += 1;
        }
      }
      expect(inside / all).toBeGreaterThan(0.88);
    });

    it('is wider for a higher coverage', () => {
      const input = { values: wave(240, 5, { noise: 30 }), ...step, seasons: [24] };
      const widthAt = (coverage: number): number => {
        const { low, high } = forecaster.forecast(input, horizon, { coverage });
        return high.reduce((sum, value, h) => sum + value - low[h]!, 0);
      };
      expect(widthAt(0.99)).toBeGreaterThan(widthAt(0.5));
    });

    it('does as well with some values missing, and says when too many are', () => {
      const values = wave(240, 2);
      const holes = values.map((value, t) => (t % 17 === 3 || (t > 100 && t < 106) ? Number.NaN : value));
      const whole = forecaster.forecast({ values, ...step, seasons: [24] }, horizon);
      const made = forecaster.forecast({ values: holes, ...step, seasons: [24] }, horizon);
      for (let h = 0; h < horizon; h += 1) expect(Math.abs(made.mean[h]! - whole.mean[h]!)).toBeLessThan(12);
      expect(() =>
        forecaster.forecast({ values: values.map((value, t) => (t % 3 === 0 ? value : Number.NaN)), ...step }, horizon),
      ).toThrow(/missing/);
      expect(() => forecaster.forecast({ values: new Float64Array(9).fill(Number.NaN), ...step }, horizon)).toThrow(
        /no value/,
      );
    });

    it('keeps a constant, goes below zero only where the series did', () => {
      const flat = forecaster.forecast({ values: new Float64Array(60).fill(7), ...step }, 5);
      expect([...flat.mean, ...flat.low, ...flat.high]).toEqual(Array.from({ length: 15 }, () => 7));
      const falling = wave(240, 3, { level: 30, slope: -0.02 }).map((value) => Math.max(0, value));
      expect(
        Math.min(...forecaster.forecast({ values: falling, ...step, seasons: [24] }, 96).low),
      ).toBeGreaterThanOrEqual(0);
      const below = forecaster.forecast({ values: wave(240, 4, { level: -200 }), ...step, seasons: [24] }, horizon);
      expect(Math.max(...below.mean)).toBeLessThan(-100);
    });

    it('refuses an impossible horizon', () => {
      expect(() => forecaster.forecast({ values: wave(240, 1), ...step }, 0)).toThrow(/horizon/);
      expect(() => forecaster.forecast({ values: new Float64Array(0), ...step }, 3)).toThrow(/no value/);
    });

    it.runIf(has.seasonal)('repeats a season', () => {
      const { mean } = forecaster.forecast({ values: wave(240, 6, { noise: 1 }), ...step, seasons: [24] }, horizon);
      for (let h = 0; h < horizon; h += 1)
        expect(Math.abs(mean[h]! - 100 - 20 * Math.sin((2 * Math.PI * (240 + h)) / 24))).toBeLessThan(5);
    });

    it.runIf(has.trending)('goes on with a growth', () => {
      const values = Float64Array.from({ length: 120 }, (_, t) => 50 + 2 * t);
      const { mean } = forecaster.forecast({ values, ...step, seasons: [] }, 12);
      expect(Math.abs(mean[11]! - (50 + 2 * 131))).toBeLessThan(8);
    });
  });
}
