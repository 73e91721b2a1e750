import { describe, expect, it } from 'vitest';
import { createRandom } from '../../infra/runtime/random.ts';
import type { Matrix } from '../matrix.ts';
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

for (const create of [createWindowPcaTrainer, createWindowEnsembleTrainer]) {
  const trainer = create();
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
    it('refuses too few rows', () => {
      expect(() => trainer.fit(server(50, 1), {}, createRandom(1))).toThrow(/at least 100 rows/);
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
  it('explains a row by its columns and flags what was never seen', () => {
    const detector = createWindowEnsembleTrainer().fit(server(1_000, 1), {}, createRandom(1));
    const { score, contributions } = detector.explain!([0, 9, 0.5]);
    expect(contributions[0]!.feature).toBe('column 1');
    expect(contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(score, 9);
    const rows = { rows: 2, columns: 3, values: Float64Array.of(0, 0, 0.5, 40, 0, 0.5) };
    expect([...detector.outOfDistribution!(rows)]).toEqual([0, 1]);
  });
});
