import { describe, expect, it } from 'vitest';
import type { Sample } from '../../domain/signal.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import { forecastSeries } from './forecast-series.ts';

const at = (values: readonly number[]): Sample[] => values.map((value, index) => [index * 60_000, value]);

describe('forecastSeries', () => {
  it('goes on with a steady growth and tells when a threshold is reached', () => {
    const forecast = forecastSeries(at(Array.from({ length: 60 }, (_, step) => 10 + step)), {
      horizonMs: 20 * 60_000,
      threshold: 80,
    });
    expect(forecast?.method).toBe('damped-trend');
    expect(forecast?.reaches?.likely).toBeGreaterThan(69 * 60_000);
    expect(forecast?.reaches?.likely).toBeLessThan(76 * 60_000);
  });

  it('repeats a season that it has seen, within its interval', () => {
    const random = createRandom(3);
    const wave = (step: number): number => 50 + 30 * Math.sin((2 * Math.PI * step) / 24);
    const forecast = forecastSeries(at(Array.from({ length: 120 }, (_, step) => wave(step) + random.next())), {
      horizonMs: 24 * 60_000,
    });
    expect(forecast?.method).toBe('seasonal-naive');
    for (const point of forecast?.points ?? []) expect(Math.abs(point.value - wave(point.at / 60_000))).toBeLessThan(3);
  });

  it('covers what comes in most cases, and never goes below zero where nothing did', () => {
    let inside = 0;
    let all = 0;
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = createRandom(seed);
      let level = 20;
      const values = Array.from({ length: 90 }, () => (level = Math.max(0, level + random.next() - 0.5)));
      for (const [index, point] of (
        forecastSeries(at(values.slice(0, 80)), { horizonMs: 10 * 60_000 })?.points ?? []
      ).entries()) {
        all += 1;
        if (values[80 + index]! >= point.low && values[80 + index]! <= point.high) inside += 1;
        expect(point.low).toBeGreaterThanOrEqual(0);
      }
    }
    expect(inside / all).toBeGreaterThan(0.85);
  });

  it('needs four samples in time order', () => {
    expect(forecastSeries(at([1, 2, 3]), { horizonMs: 60_000 })).toBeUndefined();
    expect(
      forecastSeries(
        [
          [5, 1],
          [5, 1],
          [5, 1],
          [5, 1],
        ],
        { horizonMs: 60_000 },
      ),
    ).toBeUndefined();
  });
});
