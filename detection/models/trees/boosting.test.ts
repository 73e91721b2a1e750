import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { matrixOf, takeRows, type Matrix } from '../matrix.ts';
import { runOnnx } from '../onnx/run-onnx.ts';
import { createGradientBoostingTrainer } from './boosted-classifier.ts';
import { createBoostedRegressorTrainer } from './boosted-regressor.ts';
import { areaUnderRoc } from './ranking.ts';
import { sampleRows } from './sample-rows.ts';

const trainer = createGradientBoostingTrainer();
const train = sampleRows({ rows: 2000, columns: 10, seed: 1 });
const held = sampleRows({ rows: 1000, columns: 10, seed: 2 });

function positives({ values }: Matrix): Float64Array {
  return Float64Array.from({ length: values.length / 2 }, (_, row) => values[row * 2 + 1]!);
}

async function largestOnnxDifference(
  model: Parameters<typeof runOnnx>[0],
  rows: Matrix,
  native: ArrayLike<number>,
): Promise<number> {
  const scores = await runOnnx(model, rows);
  expect(scores.length).toBe(native.length);
  return scores.reduce((largest, score, at) => Math.max(largest, Math.abs(score - native[at]!)), 0);
}

describe('gradient boosting', () => {
  const model = trainer.fit(train, {}, createRandom(7));

  it('ranks rows it has not seen', () => {
    expect(areaUnderRoc(positives(model.probabilities(held.rows)), held.labels)).toBeGreaterThan(0.93);
  });

  it('gives the same bytes for the same data, options and seed', () => {
    const again = createGradientBoostingTrainer().fit(train, {}, createRandom(7));
    expect(JSON.stringify(again.toJson())).toBe(JSON.stringify(model.toJson()));
    expect(JSON.stringify(trainer.fit(train, {}, createRandom(8)).toJson())).not.toBe(JSON.stringify(model.toJson()));
  });

  it('is the same after a trip through JSON', () => {
    const loaded = trainer.load(JSON.parse(JSON.stringify(model.toJson())));
    expect(loaded.probabilities(held.rows)).toEqual(model.probabilities(held.rows));
    expect(loaded.card).toEqual(model.card);
  });

  it('agrees with its ONNX file, missing values included', async () => {
    const values = Float32Array.from(held.rows.values, (value, at) => (at % 7 === 0 ? Number.NaN : value));
    const rows = { ...held.rows, values };
    expect(await largestOnnxDifference(model.toOnnx!(), rows, model.probabilities(rows).values)).toBeLessThan(1e-6);
  });

  it('stops when held-out rows no longer gain, and keeps the best round', () => {
    const noise = { ...train, labels: Int32Array.from(train.labels, (_, row) => row % 2) };
    const stopped = trainer.fit(
      { ...noise, validation: { rows: held.rows, labels: held.labels.map((_, row) => row % 2) } },
      {},
      createRandom(1),
    );
    const full = trainer.fit(noise, {}, createRandom(1));
    expect(JSON.stringify(stopped.toJson()).length).toBeLessThan(JSON.stringify(full.toJson()).length / 4);
  });

  it('weighs the rare class up: its mean probability over balanced rows is near a half', () => {
    const plain = trainer.fit(train, { classWeights: 'none' }, createRandom(7));
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const share = mean(Float64Array.from(held.labels));
    expect(Math.abs(mean(positives(plain.probabilities(held.rows))) - share)).toBeLessThan(0.03);
    expect(mean(positives(model.probabilities(held.rows)))).toBeGreaterThan(share + 0.02);
  });

  it('refuses what it cannot learn from', () => {
    expect(() => trainer.fit({ ...train, labels: train.labels.subarray(1) }, {}, createRandom(1))).toThrow(
      /1999 labels/,
    );
    expect(() => trainer.fit({ ...train, classes: ['one'] }, {}, createRandom(1))).toThrow(/at least two classes/);
    expect(() => trainer.fit({ ...train, labels: train.labels.map(() => 2) }, {}, createRandom(1))).toThrow(
      /does not index/,
    );
    expect(() => model.probabilities(matrixOf([[1, 2]]))).toThrow(/takes 10 columns/);
    expect(() => trainer.load({ model: 1 })).toThrow(/not a boosted classifier/);
  });
});

describe('boosting with holes and categories', () => {
  const random = createRandom(3);
  // the label hangs on being missing in column 0 and on a set of scattered codes in column 1
  const wanted = new Set([1, 4, 9, 16, 25, 30]);
  const rows = matrixOf(
    Array.from({ length: 1500 }, () => [
      random.next() < 0.3 ? Number.NaN : random.next(),
      random.integer(32),
      random.next(),
    ]),
  );
  const labels = Int32Array.from({ length: 1500 }, (_, row) =>
    Number.isNaN(rows.values[row * 3]!) || wanted.has(rows.values[row * 3 + 1]!) ? 1 : 0,
  );
  const data = { rows, labels, classes: ['no', 'yes'] };
  const model = trainer.fit(data, { categorical: [1] }, createRandom(1));

  it('finds the set of categories and the missing values', () => {
    expect(areaUnderRoc(positives(model.probabilities(rows)), labels)).toBeGreaterThan(0.999);
  });

  it('agrees with its ONNX file on known, unknown and missing categories', async () => {
    const odd = matrixOf([
      ...Array.from({ length: 40 }, (_, code) => [0.5, code, 0.5]),
      [0.5, Number.NaN, 0.5],
      [0.5, -3, 0.5],
      [0.5, 1e6, 0.5],
    ]);
    expect(await largestOnnxDifference(model.toOnnx!(), odd, model.probabilities(odd).values)).toBeLessThan(1e-6);
  });

  it('refuses a categorical column with fractions', () => {
    expect(() => trainer.fit(data, { categorical: [2] }, createRandom(1))).toThrow(/column 2 is categorical/);
  });
});

describe('boosting of several classes', () => {
  const random = createRandom(5);
  const rows = matrixOf(Array.from({ length: 900 }, () => [random.next(), random.next(), random.next()]));
  const labels = Int32Array.from({ length: 900 }, (_, row) =>
    Math.floor((rows.values[row * 3]! + rows.values[row * 3 + 1]!) * 1.99),
  );
  const model = trainer.fit({ rows, labels, classes: ['a', 'b', 'c', 'd'] }, { trees: 30 }, createRandom(1));
  const { values } = model.probabilities(rows);

  it('gives probabilities that add up to 1 and point at the class', () => {
    let right = 0;
    for (let row = 0; row < 900; row += 1) {
      const own = [...values.subarray(row * 4, row * 4 + 4)];
      expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
      right += own.indexOf(Math.max(...own)) === labels[row] ? 1 : 0;
    }
    expect(right / 900).toBeGreaterThan(0.95);
  });

  it('agrees with its ONNX file', async () => {
    expect(await largestOnnxDifference(model.toOnnx!(), rows, values)).toBeLessThan(1e-6);
  });
});

describe('boosted regression', () => {
  const random = createRandom(9);
  const rows = matrixOf(Array.from({ length: 1500 }, () => [random.next(), random.next()]));
  // noise grows with the second column, so quantiles are not parallel to the mean
  const targets = Float64Array.from(
    { length: 1500 },
    (_, row) => 10 * rows.values[row * 2]! + rows.values[row * 2 + 1]! * random.next(),
  );
  const regressor = createBoostedRegressorTrainer();
  const even = Int32Array.from({ length: 750 }, (_, row) => row * 2);
  const odd = Int32Array.from({ length: 750 }, (_, row) => row * 2 + 1);
  const part = { rows: takeRows(rows, even), targets: Float64Array.from(even, (row) => targets[row]!) };
  const other = takeRows(rows, odd);

  it('predicts the mean', async () => {
    const model = regressor.fit(part, {}, createRandom(1));
    const predicted = model.predict(other);
    const error = Math.sqrt(odd.reduce((sum, row, at) => sum + (targets[row]! - predicted[at]!) ** 2, 0) / odd.length);
    expect(error).toBeLessThan(0.4);
    expect(regressor.load(JSON.parse(JSON.stringify(model.toJson()))).predict(other)).toEqual(predicted);
    expect(await largestOnnxDifference(model.toOnnx!(), other, predicted)).toBeLessThan(1e-6);
  });

  it('agrees with its ONNX file on categories, unknown ones and missing and huge values', async () => {
    const draw = createRandom(4);
    const coded = matrixOf(Array.from({ length: 600 }, () => [draw.integer(9), draw.next()]));
    const worth = Float64Array.from(
      { length: 600 },
      (_, row) => ((coded.values[row * 2]! * 5) % 7) + coded.values[row * 2 + 1]!,
    );
    const model = regressor.fit({ rows: coded, targets: worth }, { categorical: [0], trees: 30 }, createRandom(1));
    const strange = matrixOf([
      [Number.NaN, 0.5],
      [200, Number.NaN],
      [-3, 1e30],
      [300, -1e30],
      [4, Number.POSITIVE_INFINITY],
    ]);
    for (const own of [coded, strange])
      expect(await largestOnnxDifference(model.toOnnx!(), own, model.predict(own))).toBeLessThan(1e-6);
  });

  it('covers what a quantile says', () => {
    const covered = (quantile: number): number => {
      const predicted = regressor
        .fit(part, { loss: { quantile }, trees: 60, depth: 3 }, createRandom(1))
        .predict(other);
      return odd.filter((row, at) => targets[row]! <= predicted[at]!).length / odd.length;
    };
    expect(Math.abs(covered(0.9) - 0.9)).toBeLessThan(0.06);
    expect(Math.abs(covered(0.1) - 0.1)).toBeLessThan(0.06);
  });

  it('refuses targets that are missing', () => {
    expect(() => regressor.fit({ rows, targets: targets.map(() => Number.NaN) }, {}, createRandom(1))).toThrow(
      /not finite/,
    );
    expect(() => regressor.fit({ rows, targets: targets.subarray(1) }, {}, createRandom(1))).toThrow(/1499 targets/);
  });
});
