import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Detector, Trainer } from '../contracts.ts';
import { scoreIn } from '../explained-score.ts';
import { matrixOf, rowOf, type Matrix } from '../matrix.ts';
import { runOnnx } from '../onnx/run-onnx.ts';
import { scoreStored, storedRowsOf } from '../stored-rows.ts';

/** Two correlated columns and one free, around (0, 0, 5). */
function normalRows(rows: number, seed: number): Matrix {
  const random = createRandom(seed);
  const wide = (): number => random.next() + random.next() + random.next() - 1.5;
  return matrixOf(
    Array.from({ length: rows }, () => {
      const a = wide();
      return [a, a * 2 + wide() * 0.3, 5 + wide()];
    }),
  );
}

/** What every trainer of outlier detectors promises. */
export function describeTrainer(trainer: Trainer<object>): void {
  describe(`${trainer.method} as a trainer`, () => {
    const rows = normalRows(400, 1);
    const held = normalRows(200, 2);
    const odd = matrixOf([
      [9, -9, 5],
      [8, 16, 40],
      [-8, -16, -20],
    ]);
    const strange = matrixOf([
      [Number.NaN, 0, 5],
      [Number.NaN, Number.NaN, Number.NaN],
      [1e30, -1e30, 1e30],
      [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY],
      [1e-40, -0, 5],
    ]);
    const model = trainer.fit(rows, {}, createRandom(3));
    const scores = model.score(held);

    it('scores in [0, 1], odd rows above nearly all normal ones', () => {
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
      const high = Float64Array.from(scores).sort()[195]!;
      for (const score of model.score(odd)) expect(score).toBeGreaterThan(high);
    });

    it('never gives NaN: missing, huge and empty rows are scored', () => {
      expect(model.score(strange).every((score) => score >= 0 && score <= 1)).toBe(true);
      expect(model.score({ rows: 0, columns: 3, values: new Float64Array(0) }).length).toBe(0);
    });

    it('is the same bytes for the same rows, options and seed, and the same scores after a trip through JSON', () => {
      const again = trainer.fit(rows, {}, createRandom(3));
      expect(JSON.stringify(again.toJson())).toBe(JSON.stringify(model.toJson()));
      expect(trainer.load(JSON.parse(JSON.stringify(model.toJson()))).score(held)).toEqual(scores);
    });

    if (trainer.fitStored !== undefined)
      it('learns and scores the same where rows are read by blocks', () => {
        const narrow = { ...rows, values: Float32Array.from(rows.values) };
        const stored = trainer.fitStored!(storedRowsOf(narrow), {}, createRandom(3));
        const whole = trainer.fit(narrow, {}, createRandom(3));
        expect(JSON.stringify(stored.toJson())).toBe(JSON.stringify(whole.toJson()));
        expect(scoreStored(storedRowsOf(held), (block) => stored.score(block))).toEqual(whole.score(held));
      });

    it('says which rows lie outside what it has seen', () => {
      expect([...model.outOfDistribution(odd)]).toEqual([1, 1, 1]);
      expect(model.outOfDistribution(held).reduce((sum, flag) => sum + flag, 0)).toBe(0);
    });

    it('refuses rows of another width, too few rows and foreign JSON', () => {
      expect(() => model.score(matrixOf([[1, 2]]))).toThrow(/takes 3 columns/);
      expect(() => trainer.fit(matrixOf([[1, 2, 3]]), {}, createRandom(1))).toThrow(/needs at least/);
      expect(() => trainer.load({ card: 1 })).toThrow(trainer.method === 'isolation-forest' ? /not an/ : /not a/);
    });

    it('takes columns that do not vary', () => {
      const flat = { ...rows, values: rows.values.map((value, at) => (at % 3 === 2 ? 7 : value)) };
      expect(
        trainer
          .fit(flat, {}, createRandom(1))
          .score(flat)
          .every((score) => score >= 0 && score <= 1),
      ).toBe(true);
    });

    it('explains every score by shares of the columns that add up to it: usual, odd and strange rows', () => {
      for (const rows of [held, odd, strange])
        for (let row = 0; row < Math.min(rows.rows, 20); row += 1) expectExplained(model, rowOf(rows, row));
    });

    it('explains an odd row by the column that is odd', () => {
      for (const [row, feature] of [
        [[0, 0, 40], 'f2'],
        [[8, 16, 5], 'f0 f1'],
      ] as const)
        expect(feature).toContain(model.explain(row).contributions[0]!.feature);
    });

    it('agrees with its ONNX file within 1e-6, on missing, huge and odd values and on rows of the training as well', async () => {
      await expectOnnx(model, [held, odd, strange, rows]);
    });

    it('agrees with its ONNX file where many rows are equally far from each other', async () => {
      const random = createRandom(5);
      const grid = matrixOf(
        Array.from({ length: 300 }, () => [random.integer(4), random.integer(4), random.integer(3)]),
      );
      await expectOnnx(trainer.fit(grid, {}, createRandom(6)), [grid, held, strange]);
    });
  });
}

/** Holds an explanation to its promise: it is of the score that the model gives, and every column has a share of it. */
export function expectExplained(model: Detector, row: Matrix['values']): void {
  const { score, expected, scale, contributions } = model.explain(row);
  const [native] = model.score({ rows: 1, columns: row.length, values: row });
  expect(Math.abs(scoreIn(scale, score) - native!)).toBeLessThan(1e-9);
  const sum = contributions.reduce((all, { share }) => all + share, expected);
  expect(Math.abs(sum - score)).toBeLessThan(1e-9 * Math.max(1, Math.abs(score)));
  expect(contributions.map(({ feature }) => feature).toSorted()).toEqual([...model.card.features].toSorted());
  for (const [at, { share }] of contributions.entries())
    expect(Math.abs(share)).toBeLessThanOrEqual(Math.abs(contributions[Math.max(0, at - 1)]!.share));
}

/** Holds a detector's file to its native scores. */
export async function expectOnnx(model: Detector, all: readonly Matrix[]): Promise<void> {
  for (const rows of all) {
    const narrow = { ...rows, values: Float64Array.from(rows.values, Math.fround) };
    const native = model.score(narrow);
    const served = await runOnnx(model.toOnnx!(), narrow);
    for (const [row, score] of native.entries()) expect(Math.abs(served[row]! - score)).toBeLessThan(1e-6);
  }
}
