import { expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { OnlineDetector } from '../contracts.ts';
import { scoreIn } from '../explained-score.ts';
import { makeNoise } from './noise.ts';

/** What every online detector keeps: order, gaps, bounds, bounded memory, determinism, and that a score is made before its point is learned. */
export function streamsConformance(create: () => OnlineDetector, columns: number, leastBytes: number): void {
  const rows = (length: number, seed: number): Float64Array[] => {
    const series = Array.from({ length: columns }, (_, column) =>
      makeNoise('wandering', length, createRandom(seed + column)),
    );
    return Array.from({ length }, (_, at) => Float64Array.from(series, (values) => values[at]!));
  };
  const run = (detector: OnlineDetector, points: readonly Float64Array[], from = 0): number[] =>
    points.map((point, at) => {
      const score = detector.scoreOne(point, (from + at) * 60_000);
      detector.learnOne(point, (from + at) * 60_000);
      return score;
    });
  const missing = new Float64Array(columns).fill(Number.NaN);

  it('scores in [0, 1], also of wild values', () => {
    const points = rows(400, 1);
    for (const at of [200, 250, 300]) points[at]!.fill(1e12 * (at === 250 ? -1 : 1));
    for (const score of run(create(), points)) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  it('gives a missing sample 0 and does not learn it', () => {
    const [with_, without] = [create(), create()];
    run(with_, rows(300, 2));
    run(without, rows(300, 2));
    expect(with_.scoreOne(missing, 300 * 60_000)).toBe(0);
    with_.learnOne(missing, 300 * 60_000);
    const next = rows(20, 3);
    expect(run(with_, next, 301)).toEqual(run(without, next, 301));
  });

  it('learns no sample that is not later than the last', () => {
    const [with_, without] = [create(), create()];
    run(with_, rows(300, 4));
    run(without, rows(300, 4));
    const wild = new Float64Array(columns).fill(50);
    with_.learnOne(wild, 299 * 60_000);
    with_.learnOne(wild, 10 * 60_000);
    const next = rows(20, 5);
    expect(run(with_, next, 300)).toEqual(run(without, next, 300));
  });

  it('is quiet on a constant series and sees it break', () => {
    const detector = create();
    const flat = Array.from({ length: 400 }, () => new Float64Array(columns).fill(7));
    expect(Math.max(...run(detector, flat))).toBeLessThan(0.6);
    expect(detector.scoreOne(new Float64Array(columns).fill(70), 401 * 60_000)).toBeGreaterThan(0.6);
  });

  it('keeps its memory bounded', () => {
    const detector = create();
    run(detector, rows(600, 6));
    const early = detector.stateBytes();
    run(detector, rows(600, 7), 600);
    expect(detector.stateBytes()).toBe(early);
    expect(early).toBeLessThanOrEqual(leastBytes);
  });

  it('gives the same bytes for the same input', () => {
    expect(run(create(), rows(500, 8))).toEqual(run(create(), rows(500, 8)));
  });

  it('does not change by being asked, and does not see what comes later', () => {
    const points = rows(400, 9);
    const [asked, plain] = [create(), create()];
    const later = points.map((point) => Float64Array.from(point, (value) => value + 100));
    const first = points.map((point, at) => {
      asked.scoreOne(later[at]!, at * 60_000);
      const score = asked.scoreOne(point, at * 60_000);
      asked.learnOne(point, at * 60_000);
      return score;
    });
    expect(first).toEqual(run(plain, points));
    expect(run(create(), points.slice(0, 350))).toEqual(first.slice(0, 350));
  });

  it('explains a score by shares that add up to it, and knows what it never saw', () => {
    const detector = create();
    run(detector, rows(700, 11));
    const point = new Float64Array(columns).fill(0.5);
    const far = new Float64Array(columns).fill(500);
    for (const asked of [point, far]) {
      const { score, expected, scale, contributions } = detector.explainOne(asked, 700 * 60_000);
      expect(scoreIn(scale, score)).toBeCloseTo(detector.scoreOne(asked, 700 * 60_000), 9);
      expect(contributions.reduce((total, { share }) => total + share, expected)).toBeCloseTo(score, 9);
      expect(contributions.length).toBeGreaterThan(0);
    }
    for (const none of [create().explainOne(point, 0), detector.explainOne(missing, 700 * 60_000)])
      expect(none.contributions.reduce((total, { share }) => total + share, none.expected)).toBe(0);
    expect(detector.outOfDistributionOne(point, 700 * 60_000)).toBe(false);
    expect(detector.outOfDistributionOne(far, 700 * 60_000)).toBe(true);
    expect(create().outOfDistributionOne(point, 0)).toBe(true);
  });

  it('ranks a large jump above quiet', () => {
    const detector = create();
    const quiet = run(detector, rows(700, 10))
      .slice(500)
      .sort((left, right) => left - right);
    const jump = Math.max(
      ...run(
        detector,
        Array.from({ length: 12 }, () => new Float64Array(columns).fill(30)),
        700,
      ),
    );
    expect(jump).toBeGreaterThan(quiet[Math.floor(0.95 * quiet.length)]!);
  });
}
