import { describe, expect, it } from 'vitest';
import { createRandom } from '../../infra/runtime/random.ts';
import { fitLikelihood, type FitCase, probabilitiesOf } from './fit-likelihood.ts';

/** Cases of three candidates and "none": the first feature tells the right one, the second is noise, the third is only there in some. */
function madeUp(seed: number, count: number): FitCase[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const right = random.integer(3);
    const rows = [0, 1, 2].map((at) =>
      Float64Array.from([at === right ? 0.5 + random.next() / 2 : random.next() / 2, random.next(), 0]),
    );
    return { rows: [...rows, new Float64Array(3)], right: [0, 1, 2, 3].map((at) => at === right), weight: 1 };
  });
}

const signs = [1, 1, 1] as const;

describe('fitLikelihood', () => {
  it('gives weight to what tells the right one, none to noise, and leaves at its prior what no case shows', () => {
    const weights = fitLikelihood(madeUp(1, 200), { ridge: 0.5, toward: [1, 1, 1], signs });
    expect(weights[0]).toBeGreaterThan(3);
    expect(weights[1]).toBeLessThan(0.8);
    expect(weights[2]).toBeCloseTo(1, 6);
  });

  it('never gives a weight the other sign', () => {
    const turned = madeUp(2, 100).map((one) => ({
      ...one,
      rows: one.rows.map(([own = 0, noise = 0]) => Float64Array.from([-own, noise, 0])),
    }));
    expect(fitLikelihood(turned, { ridge: 0.5, toward: [1, 1, 1], signs })[0]).toBe(0);
  });

  it('is the same from any start, and repeats itself', () => {
    const options = { ridge: 0.5, toward: [1, 1, 1], signs };
    const first = fitLikelihood(madeUp(3, 60), options);
    const again = fitLikelihood(madeUp(3, 60), { ...options, from: [5, 0, 2] });
    for (const [at, value] of first.entries()) expect(again[at]).toBeCloseTo(value, 2);
    expect(fitLikelihood(madeUp(3, 60), options)).toEqual(first);
  });

  it('finds the right one in cases that it has not seen', () => {
    const weights = fitLikelihood(madeUp(4, 100), { ridge: 0.5, toward: [1, 1, 1], signs });
    const hits = madeUp(5, 100).filter(({ rows, right }) => {
      const likely = probabilitiesOf(rows, weights);
      return right[likely.indexOf(Math.max(...likely))];
    });
    expect(hits.length).toBeGreaterThan(80);
  });
});
