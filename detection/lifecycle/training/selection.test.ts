import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { bandsOf } from './confidence-bands.ts';
import { pseudoLabels } from './pseudo-labels.ts';
import { bestThreshold, reportOf } from './score-report.ts';
import { selectForReview } from './select-for-review.ts';
import { foldsOf, splitByTime } from './split-by-time.ts';

describe('splitByTime', () => {
  it('holds out the latest part with its share of each class, and a gap before it', () => {
    const labels = new Int32Array(1_000);
    for (const row of [100, 200, 300, 880, 650, 660, 670, 680]) labels[row] = 1;
    const { train, holdout } = splitByTime({ entityOf: new Int32Array(1_000), labels }, 0.2, 60);
    expect(holdout[0]! - train.at(-1)!).toBe(61);
    expect(train.at(-1)!).toBeLessThan(holdout[0]!);
    const held = holdout.filter((row) => labels[row] === 1).length;
    expect([held >= 1, held <= 3]).toEqual([true, true]);
  });

  it('cuts each entity by itself', () => {
    const entityOf = Int32Array.from({ length: 200 }, (_, r) => (r < 100 ? 0 : 1));
    const { train, holdout } = splitByTime({ entityOf, labels: new Int32Array(200).fill(-1) }, 0.2, 0);
    expect([train.length, holdout.length]).toEqual([160, 40]);
    expect(holdout.filter((row) => row < 100).length).toBe(20);
  });
});

describe('foldsOf', () => {
  it('holds out each row once, shares the abnormal ones, and keeps training rows away', () => {
    const random = createRandom(1);
    const labels = Int32Array.from({ length: 2_000 }, (_, r) => (r % 400 < 20 ? 1 : 0));
    const rows = Int32Array.from(labels, (_, r) => r);
    const folds = foldsOf({ entityOf: new Int32Array(2_000), labels }, rows, { folds: 5, gap: 10 }, random);
    expect(folds.flatMap(({ holdout }) => [...holdout]).sort((a, b) => a - b)).toEqual([...rows]);
    for (const { train, holdout } of folds) {
      expect(holdout.filter((row) => labels[row] === 1).length).toBeGreaterThan(5);
      const held = new Set(holdout);
      expect(
        train.some((row) => Array.from({ length: 21 }, (_, i) => row + i - 10).some((near) => held.has(near))),
      ).toBe(false);
    }
  });
});

describe('reportOf', () => {
  it('agrees with areas computed by their definitions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { minLength: 2, maxLength: 40 }),
        (pairs) => {
          const scores = Float64Array.from(pairs, ([score]) => score / 10);
          const labels = pairs.map(([, abnormal]) => (abnormal ? 1 : 0));
          const positives = scores.filter((_, r) => labels[r] === 1);
          const negatives = scores.filter((_, r) => labels[r] === 0);
          if (positives.length === 0 || negatives.length === 0) return;
          let wins = 0;
          for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
          const { auroc, aucPr, confusion } = reportOf(scores, labels, 0.5);
          expect(auroc).toBeCloseTo(wins / positives.length / negatives.length, 10);
          let area = 0;
          let recallBefore = 0;
          for (const at of [...new Set(scores)].sort((a, b) => b - a)) {
            const found = positives.filter((p) => p >= at).length;
            const recall = found / positives.length;
            area += (recall - recallBefore) * (found / scores.filter((s) => s >= at).length);
            recallBefore = recall;
          }
          expect(aucPr).toBeCloseTo(area, 10);
          expect(confusion.truePositive + confusion.falseNegative).toBe(positives.length);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('finds the threshold with the best F1 and leaves unknown rows out', () => {
    const scores = Float64Array.from([0.1, 0.9, 0.2, 0.8, 0.7, 0.95]);
    const labels = [0, 1, 0, 1, 0, -1];
    const threshold = bestThreshold(scores, labels);
    expect(threshold).toBeCloseTo(0.75, 12);
    expect(reportOf(scores, labels, threshold)).toMatchObject({ rows: 5, positives: 2, f1: 1, aucPr: 1, auroc: 1 });
  });
});

describe('bands, review and pseudo-labels', () => {
  const random = createRandom(4);
  const scores = Float64Array.from({ length: 2_000 }, (_, r) => (r % 200 === 0 ? 0.9 : 0.3 + 0.1 * random.next()));
  const bands = bandsOf(scores);
  const unknown = new Int32Array(2_000).fill(-1);

  it('puts rows that stand out in the abnormal band', () => {
    expect(bands.high).toBeGreaterThan(0.41);
    expect(bands.contamination).toBeCloseTo(0.005, 3);
    const { labels, guessed } = pseudoLabels(scores, unknown, bands);
    expect([labels[0], labels[200], guessed > 1_900, guessed < 2_000]).toEqual([1, 1, true, true]);
  });

  it('takes a person at their word', () => {
    const labels = unknown.slice();
    labels[0] = 0;
    labels[1] = 3;
    const result = pseudoLabels(scores, labels, bands);
    expect([result.labels[0], result.labels[1], result.weights[0], result.given]).toEqual([0, 1, 1, 2]);
    expect(
      pseudoLabels(
        scores,
        unknown.map((_, r) => (r < 1_500 ? 0 : -1)),
        bands,
      ).guessed,
    ).toBe(0);
  });

  it('chooses rows for review within the budget, apart from each other and not labelled yet', () => {
    const labels = unknown.slice();
    labels[0] = 1;
    const second = Float64Array.from(scores, (score, r) => (r === 777 ? 5 : score));
    const chosen = selectForReview(
      { scores, second, impact: new Float64Array(2_000), labels, bands },
      { budget: 15, apart: 5 },
    );
    expect(chosen.length).toBe(15);
    expect(new Set(chosen.map(({ reason }) => reason)).size).toBe(3);
    expect(chosen.some(({ row }) => row === 0)).toBe(false);
    expect(chosen.find(({ row }) => row === 777)?.reason).toBe('borderline');
    for (const left of chosen)
      for (const right of chosen) if (left !== right) expect(Math.abs(left.row - right.row)).toBeGreaterThan(5);
  });
});
