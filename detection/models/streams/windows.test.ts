import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Detector, Trainer } from '../contracts.ts';
import { scoreIn } from '../explained-score.ts';
import type { Matrix } from '../matrix.ts';
import { runOnnx } from '../onnx/run-onnx.ts';
import { fitColumnSeason } from './column-season.ts';
import { createWindowEnsembleTrainer } from './window-ensemble.ts';
import { createWindowPcaTrainer } from './window-pca.ts';

/** Three columns that follow one day of 48 steps, with noise; the second is the first upside down. */
function server(rows: number, seed: number, from = 0): Matrix {
  const random = createRandom(seed);
  const values = new Float64Array(rows * 3);
  for (let row = 0; row < rows; row += 1) {
    const wave = Math.sin((2 * Math.PI * (from + row)) / 48);
    values[row * 3] = wave + 0.1 * random.next();
    values[row * 3 + 1] = -wave + 0.1 * random.next();
    values[row * 3 + 2] = 0.5;
  }
  return { rows, columns: 3, values };
}

/** Rows without a season. */
function noise(rows: number, seed: number): Matrix {
  const random = createRandom(seed);
  return { rows, columns: 3, values: Float64Array.from({ length: rows * 3 }, () => random.next()) };
}

/** Missing, huge, infinite, tiny and constant values among usual ones. */
function strange(): Matrix {
  const rows = server(120, 7, 31);
  rows.values.fill(Number.NaN, 30, 60);
  rows.values.fill(1e30, 90, 93);
  rows.values[150] = Number.POSITIVE_INFINITY;
  rows.values[181] = Number.NEGATIVE_INFINITY;
  rows.values.fill(0.5, 200, 260);
  rows.values[300] = 1e-40;
  rows.values[303] = -1e30;
  return rows;
}

async function expectOnnx(model: Detector, rows: Matrix): Promise<void> {
  const narrow = { ...rows, values: Float64Array.from(rows.values, Math.fround) };
  const served = await runOnnx(model.toOnnx!(), { rows: 1, columns: narrow.values.length, values: narrow.values }, [
    rows.rows,
    rows.columns,
  ]);
  const native = model.score(narrow);
  expect(served.length).toBe(native.length);
  for (const [row, score] of native.entries()) expect(Math.abs(served[row]! - score)).toBeLessThan(1e-6);
}

for (const create of [createWindowPcaTrainer, createWindowEnsembleTrainer]) {
  const trainer: Trainer<object> = create();
  describe(trainer.method, () => {
    const detector = trainer.fit(server(1_000, 1), {}, createRandom(1));
    const test = server(400, 2, 1_000);
    test.values.fill(0.9, 300, 309);
    test.values[620] = 3;
    test.values[500] = Number.NaN;

    it('scores within [0, 1], highest where columns part', () => {
      const scores = detector.score(test);
      expect(scores.length).toBe(400);
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
      const highest = scores.indexOf(Math.max(...scores));
      expect([Math.abs(highest - 206) < 12, Math.abs(highest - 101) < 12]).toContain(true);
      expect(scores[100]!).toBeGreaterThan(scores[300]!);
    });
    it('is the same after it was stored and read, and for the same seed', () => {
      const again = trainer.load(JSON.parse(JSON.stringify(detector.toJson())));
      expect(again.score(test)).toEqual(detector.score(test));
      expect(trainer.fit(server(1_000, 1), {}, createRandom(9)).toJson()).toEqual(detector.toJson());
    });
    it('refuses too few rows, rows of another width and foreign JSON', () => {
      expect(() => trainer.fit(server(50, 1), {}, createRandom(1))).toThrow(/at least 100 rows/);
      expect(() => detector.score({ rows: 1, columns: 2, values: new Float64Array(2) })).toThrow(/takes 3 columns/);
      expect(() => detector.explain([1, 2])).toThrow(/hold no row/);
      expect(() => trainer.load({})).toThrow(/not a window/);
    });
    it('learns from rows of which some are missing, and never gives NaN', () => {
      const gaps = server(1_000, 1);
      for (let at = 0; at < gaps.values.length; at += 17) gaps.values[at] = Number.NaN;
      const scores = trainer.fit(gaps, {}, createRandom(1)).score(strange());
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    });
    it('explains any row of a stretch by shares of columns, and of rows, that add up to its score', () => {
      const all = server(60, 2, 1_000);
      all.values[30 * 3 + 1] = 4;
      const scores = detector.score(all);
      for (const at of [0, 7, 30, 59]) {
        const told = detector.explain(all.values, at);
        const sum = (shares: readonly { share: number }[]): number => shares.reduce((all, { share }) => all + share, 0);
        expect(scoreIn(told.scale, told.score)).toBeCloseTo(scores[at]!, 9);
        expect(sum(told.contributions) + told.expected).toBeCloseTo(told.score, 9);
        expect(sum(told.points!)).toBeCloseTo(sum(told.contributions), 9);
      }
      const odd = detector.explain(all.values, 34);
      expect(odd.contributions[0]!.feature).toBe('f1');
      expect(odd.points![0]!.offset).toBe(-4);
      expect(detector.explain(all.values)).toEqual(detector.explain(all.values, 59));
    });
    it('flags rows outside what was seen', () => {
      const rows = { rows: 2, columns: 3, values: Float64Array.of(0, 0, 0.5, 40, 0, 0.5) };
      expect([...detector.outOfDistribution(rows)]).toEqual([0, 1]);
    });
    it('agrees with its ONNX file within 1e-6: on missing, huge and constant values, on stretches shorter than a window, without a season, after training on constants', async () => {
      await expectOnnx(detector, test);
      await expectOnnx(detector, strange());
      for (const rows of [1, 2, 9, 10, 11, 399, 400, 801, 1_000]) await expectOnnx(detector, server(rows, 5, rows));
      await expectOnnx(trainer.fit(noise(300, 3), {}, createRandom(1)), noise(50, 4));
      const flat = { rows: 200, columns: 3, values: new Float64Array(600).fill(7) };
      await expectOnnx(trainer.fit(flat, {}, createRandom(1)), flat);
      await expectOnnx(trainer.fit(flat, {}, createRandom(1)), strange());
    });
    it('scores several stretches at once in ONNX as each by itself', async () => {
      const parts = [server(40, 8, 3), strange()].map((rows) => rows.values.slice(0, 120).map(Math.fround));
      const values = Float64Array.from(parts.flatMap((part) => [...part]));
      const served = await runOnnx(detector.toOnnx!(), { rows: 2, columns: 120, values }, [40, 3]);
      for (const [place, part] of parts.entries())
        for (const [row, score] of detector.score({ rows: 40, columns: 3, values: part }).entries())
          expect(Math.abs(served[place * 40 + row]! - score)).toBeLessThan(1e-6);
    });
  });
}

describe('window ensemble', () => {
  it('finds the season that columns share and where a later stretch lies in it', () => {
    expect(fitColumnSeason(server(1_000, 1))?.period).toBe(48);
    const detector = createWindowEnsembleTrainer().fit(server(1_000, 1), {}, createRandom(1));
    const mean = (scores: Float64Array): number => scores.reduce((sum, score) => sum + score, 0) / scores.length;
    // Quiet rows that start at another phase are as quiet.
    expect(
      Math.abs(mean(detector.score(server(300, 3, 1_017))) - mean(detector.score(server(300, 3, 960)))),
    ).toBeLessThan(0.05);
  });
});
