import { describe, expect, it } from 'vitest';
import { findSpans } from './find-spans.ts';
import { type Pending, planBatches } from './plan-batches.ts';
import { routeByKey } from './route-by-key.ts';

describe('planBatches', () => {
  const pending = (key: string, rows: number, answers: string[]): Pending => ({
    key,
    columns: 2,
    values: Float32Array.from({ length: rows * 2 }, (_, i) => i),
    resolve: (output) => answers.push(`${key}:${[...output].join(',')}`),
    reject: () => undefined,
  });

  it('joins waiting requests of one model and hands each its own rows', () => {
    const answers: string[] = [];
    const queue = [pending('a', 1, answers), pending('b', 1, answers), pending('a', 2, answers)];
    const batches = planBatches(queue, 1, { maxBatch: 10, worthSplitting: 100 });
    expect([batches.length, batches[0]?.values.length, queue.length]).toEqual([1, 6, 1]);
    batches[0]!.done(Float32Array.from([1, 2, 3]));
    expect(answers).toEqual(['a:1', 'a:2,3']);
  });

  it('cuts a lone large request over the free threads and puts the output together in order', () => {
    const answers: string[] = [];
    const batches = planBatches([pending('a', 5, answers)], 2, { maxBatch: 10, worthSplitting: 2 });
    expect(batches.map(({ values }) => values.length / 2)).toEqual([3, 2]);
    batches[1]!.done(Float32Array.from([4, 5]));
    batches[0]!.done(Float32Array.from([1, 2, 3]));
    expect(answers).toEqual(['a:1,2,3,4,5']);
  });

  it('never joins beyond the largest batch', () => {
    const queue = Array.from({ length: 5 }, () => pending('a', 4, []));
    expect(planBatches(queue, 1, { maxBatch: 10, worthSplitting: 100 })[0]?.values.length).toBe(16);
    expect(queue.length).toBe(3);
  });
});

describe('routeByKey', () => {
  const weights = { champion: 0.8, challenger: 0.2 };
  const keys = Array.from({ length: 5_000 }, (_, i) => `host-${i}`);

  it('gives each variant its share, and a key always the same one', () => {
    const share = keys.filter((key) => routeByKey(key, weights) === 'challenger').length / keys.length;
    expect(share).toBeGreaterThan(0.18);
    expect(share).toBeLessThan(0.22);
    expect(keys.every((key) => routeByKey(key, weights) === routeByKey(key, { ...weights }))).toBe(true);
  });

  it('moves only the keys that a change of weights must move', () => {
    const back = keys.filter(
      (key) =>
        routeByKey(key, weights) === 'challenger' && routeByKey(key, { champion: 0.8, challenger: 0.4 }) === 'champion',
    );
    expect(back).toEqual([]);
    expect(routeByKey('a', { champion: 0 })).toBeUndefined();
  });
});

describe('findSpans', () => {
  it('joins neighbouring abnormal rows and remembers the peak', () => {
    const scores = Float64Array.from([0, 0.9, 0.95, 0.1, 0.1, 0.91, 0, 0, 0, 0.9, NaN]);
    expect(findSpans(scores, 0.9)).toEqual([
      { from: 1, to: 5, peak: 2, score: 0.95 },
      { from: 9, to: 9, peak: 9, score: 0.9 },
    ]);
  });
});
