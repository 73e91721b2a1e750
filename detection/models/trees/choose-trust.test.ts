import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { chooseTrust } from './choose-trust.ts';
import { corrected } from './corrected-score.ts';

/** 400 rows, of which the first 40 are known and the first `abnormal` of those abnormal; positions of the two rankings by what they are worth, 0 nothing, 1 all. */
function task(abnormal: number, worth: { scores: number; learnt: number }): Parameters<typeof chooseTrust>[0] {
  const random = createRandom(abnormal);
  const truth = Array.from({ length: 400 }, (_, row) => (row < abnormal ? 1 : 0));
  const positions = (share: number): Float64Array =>
    Float64Array.from(truth, (odd) => share * (0.05 + 0.9 * odd) + (1 - share) * random.next());
  return {
    labels: Int32Array.from(truth, (odd, row) => (row < 40 ? odd : -1)),
    scores: positions(worth.scores),
    learnt: positions(worth.learnt),
    most: 0.8,
  };
}

describe('the trust in a classifier', () => {
  it('is large where it ranks rows that it had not seen better than the unsupervised score does', () => {
    expect(chooseTrust(task(10, { scores: 0.1, learnt: 0.8 }))).toBeGreaterThan(0.5);
    expect(chooseTrust(task(3, { scores: 0, learnt: 0.9 }))).toBeGreaterThan(0.3);
  });

  it('is none where it knows no better, worse, or nobody can tell', () => {
    expect(chooseTrust(task(10, { scores: 0.8, learnt: 0 }))).toBe(0);
    expect(chooseTrust(task(10, { scores: 1, learnt: 1 }))).toBe(0);
    expect(chooseTrust(task(1, { scores: 0, learnt: 1 }))).toBe(0);
    expect(chooseTrust(task(0, { scores: 0, learnt: 1 }))).toBe(0);
  });

  it('is none where known abnormal rows gain among the known, but rows that nobody asked about rise above them', () => {
    const kinds = { abnormal: 4, normal: 10, unknown: 386 };
    const of = (abnormal: number, normal: number, unknown: number): Float64Array =>
      Float64Array.from([
        ...Array<number>(kinds.abnormal).fill(abnormal),
        ...Array<number>(kinds.normal).fill(normal),
        ...Array<number>(kinds.unknown).fill(unknown),
      ]);
    const known = { labels: Int32Array.from(of(1, 0, -1)), scores: of(0.6, 0.7, 0.5), most: 0.8 };
    expect(chooseTrust({ ...known, learnt: of(0.65, 0.1, 0.99) })).toBe(0);
    expect(chooseTrust({ ...known, learnt: of(0.65, 0.1, 0.3) })).toBeGreaterThan(0.5);
  });

  it('is none for two rows that gain little, however well they agree', () => {
    const normal = Array.from({ length: 100 }, (_, at) => (at + 0.5) / 100);
    const trustWhere = (learnt: number): number =>
      chooseTrust({
        labels: Int32Array.from({ length: 102 }, (_, row) => (row < 2 ? 1 : 0)),
        scores: Float64Array.from([0.5, 0.5, ...normal]),
        learnt: Float64Array.from([learnt, learnt, ...normal]),
        most: 0.8,
      });
    expect(trustWhere(0.53)).toBe(0);
    expect(trustWhere(0.7)).toBeGreaterThan(0.5);
  });

  it('is none for chance: of many classifiers that know nothing few are trusted, and the more seldom the better the score is', () => {
    const trusted = (worth: number): number =>
      Array.from({ length: 60 }, (_, at) => chooseTrust(task(3 + (at % 12), { scores: worth, learnt: 0 }))).filter(
        (trust) => trust > 0,
      ).length;
    expect(trusted(0.5)).toBeLessThan(4);
  });
});

describe('a corrected score', () => {
  it('follows the classifier upwards by its weight and downwards by its square, and stands where the two agree', () => {
    const of = (u: number, c: number): number => corrected(Float64Array.of(u), Float64Array.of(c), 0.5)[0]!;
    expect(of(0.2, 0.9)).toBeCloseTo(1 - Math.sqrt(0.8 * 0.1), 12);
    expect(of(0.9, 0.2)).toBeCloseTo(1 - 0.1 ** 0.75 * 0.8 ** 0.25, 12);
    expect(of(0.6, 0.6)).toBeCloseTo(0.6, 12);
    expect(corrected(Float64Array.of(0.3), Float64Array.of(0.9), 0)[0]).toBeCloseTo(0.3, 12);
  });
});
