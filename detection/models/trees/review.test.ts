import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { matrixOf, rowOf } from '../matrix.ts';
import { expectExplained, expectOnnx } from '../outliers/trainer.conformance.ts';
import { createSemiSupervisedTrainer } from './label-budget.ts';
import { learnByReview, selectForReview } from './learn-by-review.ts';
import { areaUnderRoc, averagePrecision } from './ranking.ts';

/** Normal rows around 0; abnormal ones are a dense lump inside their range, which looks less odd than it is. */
function lump(rows: number, seed: number): { rows: ReturnType<typeof matrixOf>; labels: Int32Array } {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: rows }, (_, row) => (row % 12 === 0 ? 1 : 0));
  const wide = (): number => random.next() + random.next() + random.next() - 1.5;
  const cells = Array.from(labels, (label) =>
    Array.from({ length: 5 }, () => (label === 1 ? 0.7 + wide() * 0.15 : wide())),
  );
  return { rows: matrixOf(cells), labels };
}

const train = lump(1200, 1);
const test = lump(600, 2);

describe('learning by review', () => {
  const learn = (budget: number): ReturnType<typeof learnByReview> =>
    learnByReview(
      { rows: train.rows, budget, ask: (rows) => Int32Array.from(rows, (row) => train.labels[row]!) },
      {},
      createRandom(1),
    );

  it('asks no more than its budget and gains much by it', () => {
    const none = learn(0);
    const some = learn(120);
    expect(some.labels.filter((label) => label !== -1).length).toBe(120);
    const area = (model: typeof none): number => areaUnderRoc(model.detector.score(test.rows), test.labels);
    expect(area(some)).toBeGreaterThan(Math.max(area(none) + 0.03, 0.9));
  });

  it('gives the same model after a trip through JSON and scores in [0, 1]', () => {
    const { detector } = learn(60);
    const scores = detector.score(test.rows);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(
      createSemiSupervisedTrainer()
        .load(JSON.parse(JSON.stringify(detector.toJson())))
        .score(test.rows),
    ).toEqual(scores);
  });

  it('agrees with its ONNX file within 1e-6, on missing and huge values as well, corrected and not', async () => {
    const strange = matrixOf([
      Array.from({ length: 5 }, () => Number.NaN),
      [1e30, -1e30, 0, Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 0, 0, Number.NEGATIVE_INFINITY, 0.7],
    ]);
    const corrected = learn(60).detector;
    expect(corrected.score(test.rows)).not.toEqual(learn(0).detector.score(test.rows));
    await expectOnnx(corrected, [test.rows, train.rows, strange]);
    await expectOnnx(learn(0).detector, [test.rows, strange]);
  });

  it('explains every score by shares of the columns, corrected by labels and not, raised and lowered', () => {
    const strange = matrixOf([Array.from({ length: 5 }, () => Number.NaN), [1e30, -1e30, 0, Number.NaN, 1]]);
    for (const { detector } of [learn(60), learn(0)])
      for (const rows of [test.rows, strange])
        for (let row = 0; row < Math.min(rows.rows, 40); row += 1) expectExplained(detector, rowOf(rows, row));
  });

  it('says by which column a corrected score is high: the one that labels speak of, where the rows without labels are alike in it', () => {
    const random = createRandom(5);
    const labels = Int32Array.from({ length: 900 }, (_, row) => (row % 9 === 0 ? 1 : 0));
    const rows = matrixOf(
      Array.from(labels, (label) => [random.next(), random.next(), 0.5 * random.next() + 0.3 * label]),
    );
    const known = labels.map((label, row) => (row < 450 ? label : -1));
    const detector = createSemiSupervisedTrainer().fit({ rows, labels: known }, {}, createRandom(1));
    const { contributions } = detector.explain([0.5, 0.5, 0.75]);
    expect(contributions[0]).toMatchObject({ feature: 'f2', value: 0.75 });
    expect(contributions[0]!.share).toBeGreaterThan(0);
  });

  it('asks about rows that are not known yet, each once, the most suspicious among them', () => {
    const scores = Float64Array.from({ length: 100 }, (_, row) => row / 100);
    const labels = new Int32Array(100).fill(-1);
    labels.fill(0, 95, 100);
    labels[94] = 1;
    const rows = selectForReview({ scores, labels, count: 12 }, createRandom(1));
    expect(new Set(rows).size).toBe(12);
    expect(rows.every((row) => labels[row] === -1)).toBe(true);
    for (const row of [93, 92, 91, 90, 89, 88]) expect(rows).toContain(row);
  });

  it('refuses labels that do not fit the rows', () => {
    expect(() =>
      createSemiSupervisedTrainer().fit({ rows: train.rows, labels: new Int32Array(3) }, {}, createRandom(1)),
    ).toThrow(/3 labels/);
  });
});

describe('ranking figures', () => {
  it('are those worked out by hand', () => {
    expect(areaUnderRoc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(areaUnderRoc([1, 1, 1], [0, 1, 0])).toBe(0.5);
    expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo((1 + 2 / 3) / 2, 9);
  });
});
