import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../domain/signal.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { createAutomaticForecaster } from './automatic-forecaster.ts';
import { evenlySpaced } from './evenly-spaced.ts';
import { planCapacity } from './plan-capacity.ts';
import { breachWords, spanWords, timeToBreach } from './time-to-breach.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('evenlySpaced', () => {
  it('keeps the end, leaves holes as missing, takes means or peaks of longer steps', () => {
    const samples: Sample[] = [0, 1, 2, 4, 5].map((t) => [t * minute, t]);
    expect([...evenlySpaced(samples)!.values]).toEqual([0, 1, 2, Number.NaN, 4, 5]);
    expect(evenlySpaced(samples, { stepMs: 2 * minute, of: 'peak' })).toMatchObject({ stepMs: 2 * minute });
    expect([...evenlySpaced(samples, { stepMs: 5 * minute, of: 'peak' })!.values]).toEqual([5]);
    expect([...evenlySpaced(samples, { stepMs: 5 * minute })!.values]).toEqual([3]);
  });

  it('needs four samples and time between them', () => {
    expect(
      evenlySpaced([
        [0, 1],
        [1, 2],
        [2, 3],
      ]),
    ).toBeUndefined();
    expect(
      evenlySpaced([
        [5, 1],
        [5, 1],
        [5, 1],
        [5, 1],
      ]),
    ).toBeUndefined();
  });
});

describe('timeToBreach', () => {
  it('tells when a filling disk is full, and holds what came within its interval', () => {
    let held = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = createRandom(seed);
      let used = 40;
      const all = Array.from({ length: 900 }, () => (used += 0.1 + 0.2 * (random.next() - 0.5)));
      const full = all.findIndex((value) => value >= 90);
      const values = Float64Array.from(all.slice(0, 300));
      const forecast = createAutomaticForecaster().forecast({ values, stepMs: minute, startMs: 0 }, 500);
      const breach = timeToBreach(forecast, { last: values.at(-1)!, threshold: 90, stepMs: minute });
      const came = (full - 299) * minute;
      expect(breach.state).toBe('expected');
      expect(Math.abs(breach.likelyMs! - came)).toBeLessThan(0.25 * came);
      if (breach.earliestMs! <= came && (breach.latestMs ?? Infinity) >= came) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(18);
  });

  it('says now, perhaps and not in that time', () => {
    const flat = { mean: Float64Array.of(5, 5), low: Float64Array.of(4, 3), high: Float64Array.of(6, 8) };
    expect(timeToBreach(flat, { last: 5, threshold: 5, stepMs: minute, direction: 'up' }).state).toBe('now');
    expect(timeToBreach(flat, { last: 5, threshold: 7, stepMs: minute })).toEqual({
      state: 'possible',
      earliestMs: 90_000,
    });
    expect(timeToBreach(flat, { last: 5, threshold: 20, stepMs: minute })).toEqual({ state: 'unlikely' });
    expect(timeToBreach(flat, { last: 5, threshold: 3.5, stepMs: minute })).toEqual({
      state: 'possible',
      earliestMs: 90_000,
    });
  });

  it('has words for people', () => {
    expect(
      breachWords({ state: 'expected', likelyMs: 190 * minute, earliestMs: 160 * minute, latestMs: 4 * hour }),
    ).toBe('in 3 h 10 min, between 2 h 40 min and 4 h');
    expect(breachWords({ state: 'expected', likelyMs: 3 * hour, earliestMs: 2 * hour })).toBe('in 3 h, not before 2 h');
    expect(breachWords({ state: 'unlikely' })).toBe('not in that time');
    expect([40_000, 26 * hour, 12 * day].map(spanWords)).toEqual(['40 s', '1 d 2 h', '12 d']);
  });
});

describe('planCapacity', () => {
  const grown = (days: number): Sample[] =>
    Array.from({ length: days * 24 }, (_, t): Sample => [
      t * hour,
      100 + t / 24 + 30 * Math.sin((2 * Math.PI * t) / 24) * (1 + 0.001 * (t % 7)),
    ]);

  it('plans ninety days of growing peaks, and what has to be there', () => {
    const plan = planCapacity(grown(60), { days: 90, limit: 210 });
    expect(plan.days).toHaveLength(90);
    expect(plan.days[89]!.peak).toBeGreaterThan(250);
    expect(plan.days[89]!.peak).toBeLessThan(310);
    expect(plan.breach?.state).toBe('expected');
    expect(plan.breach!.likelyMs! / day).toBeGreaterThan(12);
    expect(plan.breach!.likelyMs! / day).toBeLessThan(28);
    expect(plan.needed).toBeGreaterThan(plan.days[89]!.high);
    expect(plan.thin).toBe(true);
  });

  it('plans one day from two, and refuses a hundred', () => {
    expect(planCapacity(grown(2), { days: 1 }).days).toHaveLength(1);
    expect(() => planCapacity(grown(2), { days: 100 })).toThrow(/1 to 90/);
    expect(() => planCapacity(grown(2).slice(0, 5), { days: 1 })).toThrow(/12 hours/);
  });
});
