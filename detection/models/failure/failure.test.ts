import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../infra/runtime/random.ts';
import { matrixOf } from '../matrix.ts';
import { failureBands } from './failure-bands.ts';
import { loadFailurePredictor, trainFailurePredictor, type FailurePredictor } from './failure-predictor.ts';
import { labelLives, type FailureRun } from './failure-run.ts';
import { oversample } from './oversample.ts';
import { createTrendFeatures } from './trend-features.ts';

/** Wear that shows in one of two signals over the last 60 steps. */
function wearing(random: Random, life: number): FailureRun {
  const rows = Array.from({ length: life }, (_, t) => {
    const wear = Math.max(0, 60 - (life - 1 - t)) / 60;
    return [wear ** 2 * 10 + random.next(), 5 + random.next()];
  });
  return { history: matrixOf(rows), failed: true };
}

const options = { signals: ['wear', 'noise'], cap: 80, horizon: 15, trees: 60 };
const firstOf = ({ history }: FailureRun, steps: number): FailureRun['history'] => ({
  ...history,
  rows: steps,
  values: history.values.subarray(0, steps * history.columns),
});

describe('the failure predictor', () => {
  const random = createRandom(5);
  const runs = Array.from({ length: 24 }, () => wearing(random, 70 + random.integer(80)));
  const predictor = trainFailurePredictor(runs, options, createRandom(1));

  it('tells the life that is left, within its interval, and why', () => {
    let inside = 0;
    let squares = 0;
    for (let k = 0; k < 30; k += 1) {
      const run = wearing(random, 70 + random.integer(80));
      const cut = 20 + random.integer(run.history.rows - 20);
      const left = Math.min(80, run.history.rows - cut);
      const { remaining, low, high } = predictor.predict(firstOf(run, cut));
      squares += (remaining - left) ** 2 / 30;
      if (low <= left && left <= high) inside += 1;
    }
    expect(Math.sqrt(squares)).toBeLessThan(10);
    expect(inside).toBeGreaterThanOrEqual(24);
    const { factors } = predictor.predict(firstOf(runs[0]!, runs[0]!.history.rows - 5));
    expect(factors[0]!.feature).toMatch(/^wear/);
    expect(factors[0]!.share).toBeLessThan(0);
  });

  it('gives a probability that rises towards the end, whatever is done about rare failures', () => {
    const run = wearing(createRandom(77), 100);
    for (const imbalance of ['weights', 'synthetic', 'none'] as const) {
      const own = trainFailurePredictor(runs, { ...options, imbalance }, createRandom(1));
      const at = (cut: number): number => own.predict(firstOf(run, cut)).probability;
      expect(at(30)).toBeLessThan(0.1);
      expect(at(97)).toBeGreaterThan(0.6);
    }
  }, 30_000);

  it('is the same for the same seed, and after a way through JSON', () => {
    const history = firstOf(runs[3]!, 60);
    const again: FailurePredictor = trainFailurePredictor(runs, options, createRandom(1));
    expect(again.predict(history)).toEqual(predictor.predict(history));
    expect(loadFailurePredictor(JSON.parse(JSON.stringify(predictor.toJson()))).predict(history)).toEqual(
      predictor.predict(history),
    );
    expect(() => loadFailurePredictor({})).toThrow(/Not a failure predictor/);
  });

  it('refuses what it cannot learn from or look at', () => {
    expect(() => trainFailurePredictor(runs.slice(0, 2), options, random)).toThrow(/at least 3/);
    expect(() => trainFailurePredictor(runs, { ...options, signals: ['wear'] }, random)).toThrow(/columns/);
    expect(() => predictor.predict(firstOf(runs[0]!, 2))).toThrow(/at least 5 steps/);
  });
});

describe('what it is made of', () => {
  it('labels a run that still works only with what is proven', () => {
    const history = matrixOf(Array.from({ length: 10 }, () => [0]));
    const labels = labelLives([{ history, failed: false }], { cap: 6, horizon: 3, from: 0, stride: 1 });
    expect(labels.filter(({ left }) => left !== undefined).map(({ at }) => at)).toEqual([3, 2, 1, 0]);
    expect(labels.filter(({ soon }) => soon === false)).toHaveLength(7);
    expect(labels.some(({ soon }) => soon === true)).toBe(false);
  });

  it('sees a slope and a growth, and bridges a missing sample', () => {
    const features = createTrendFeatures(['x'], [5, 10]);
    const row = new Float64Array(features.names.length);
    features.fill(matrixOf(Array.from({ length: 30 }, (_, t) => [2 * t])), 29, row);
    const at = (name: string): number => row[features.names.indexOf(name)]!;
    expect(at('x: mean of 5')).toBeCloseTo(54);
    expect(at('x: slope of 10')).toBeCloseTo(2);
    expect(at('x: spread of 10')).toBeCloseTo(0);
    expect(at('x: growth since the start')).toBeCloseTo(49 - 19);
    expect(at('age')).toBe(30);
    features.fill(matrixOf(Array.from({ length: 30 }, (_, t) => [t === 28 ? Number.NaN : 7])), 29, row);
    expect(at('x: mean of 5')).toBeCloseTo(7);
  });

  it('makes synthetic rows between rows of the class', () => {
    const made = oversample(
      matrixOf([
        [0, 0],
        [1, 1],
        [2, 2],
      ]),
      50,
      createRandom(1),
    );
    expect(made.rows).toBe(50);
    for (let row = 0; row < 50; row += 1) {
      expect(made.values[row * 2]).toBe(made.values[row * 2 + 1]);
      expect(made.values[row * 2]!).toBeGreaterThanOrEqual(0);
      expect(made.values[row * 2]!).toBeLessThanOrEqual(2);
    }
    expect(oversample(matrixOf([[1]]), 5, createRandom(1)).rows).toBe(0);
  });

  it('has bands that hold what is stated', () => {
    const random = createRandom(2);
    const known = Array.from({ length: 600 }, () => {
      const said = 100 * random.next();
      return { said, left: said + 20 * (random.next() - 0.5) };
    });
    const { edges, below, above } = failureBands(known, 100, 0.9);
    expect(edges).toHaveLength(6);
    for (const width of [...below, ...above]) expect(Math.abs(width - 9)).toBeLessThan(2);
  });
});
