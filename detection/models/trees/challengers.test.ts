import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { matrixOf, rowOf } from '../matrix.ts';
import { runOnnx } from '../onnx/run-onnx.ts';
import { createObliviousBoostingTrainer } from './oblivious-boosting.ts';
import { createRandomForestTrainer } from './random-forest.ts';
import { areaUnderRoc } from './ranking.ts';
import { sampleRows } from './sample-rows.ts';

const train = sampleRows({ rows: 1200, columns: 8, seed: 1 });
const held = sampleRows({ rows: 600, columns: 8, seed: 2 });

for (const trainer of [createRandomForestTrainer(), createObliviousBoostingTrainer()]) {
  describe(trainer.method, () => {
    const model = trainer.fit(train, { trees: 60 }, createRandom(7));
    const probabilities = model.probabilities(held.rows);

    it('ranks rows it has not seen, with probabilities that add up to 1', () => {
      const positive = Float64Array.from({ length: 600 }, (_, row) => probabilities.values[row * 2 + 1]!);
      expect(areaUnderRoc(positive, held.labels)).toBeGreaterThan(0.88);
      for (let row = 0; row < 600; row += 1) expect(probabilities.values[row * 2]! + positive[row]!).toBeCloseTo(1, 5);
    });

    it('agrees with its ONNX file, and is the same after a trip through JSON and for the same seed', async () => {
      const onnx = await runOnnx(model.toOnnx!(), held.rows);
      for (const [at, value] of onnx.entries()) expect(Math.abs(value - probabilities.values[at]!)).toBeLessThan(1e-6);
      expect(trainer.load(JSON.parse(JSON.stringify(model.toJson()))).probabilities(held.rows)).toEqual(probabilities);
      expect(JSON.stringify(trainer.fit(train, { trees: 60 }, createRandom(7)).toJson())).toBe(
        JSON.stringify(model.toJson()),
      );
    });

    it('explains a row by shares that add up', () => {
      const { score, expected, contributions } = model.explain(rowOf(held.rows, 3));
      expect(contributions.reduce((sum, { share }) => sum + share, expected)).toBeCloseTo(score, 9);
    });
  });
}

describe('a random forest of root-cause classes', () => {
  it('tells many classes apart from few rows with holes', () => {
    const random = createRandom(4);
    const labels = Int32Array.from({ length: 300 }, (_, row) => row % 10);
    const rows = matrixOf(
      Array.from({ length: 300 }, (_, row) =>
        Array.from({ length: 10 }, (_, column) =>
          random.next() < 0.1 ? Number.NaN : random.next() + (column === row % 10 ? 1 : 0),
        ),
      ),
    );
    const classes = Array.from({ length: 10 }, (_, index) => `cause-${index}`);
    const { values } = createRandomForestTrainer()
      .fit({ rows, labels, classes }, {}, createRandom(1))
      .probabilities(rows);
    const right = labels.filter(
      (label, row) =>
        values.subarray(row * 10, row * 10 + 10).indexOf(Math.max(...values.subarray(row * 10, row * 10 + 10))) ===
        label,
    );
    expect(right.length / 300).toBeGreaterThan(0.95);
  });
});

describe('oblivious boosting', () => {
  it('refuses more than two classes', () => {
    expect(() =>
      createObliviousBoostingTrainer().fit({ ...train, classes: ['a', 'b', 'c'] }, {}, createRandom(1)),
    ).toThrow(/two classes/);
  });
});
