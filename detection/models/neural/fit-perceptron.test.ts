import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { fitPerceptron } from './fit-perceptron.ts';
import type { PairedRows } from './fit-perceptron.ts';

const options = { hidden: 24, dropout: 0, steps: 600, batch: 64, rate: 5e-3 };

/** Rows of a bent function of two values, some of them far off. */
function bent(rows: number, seed: number, wild = 0): PairedRows {
  const random = createRandom(seed);
  const inputs = Float32Array.from({ length: 2 * rows }, () => 2 * random.next() - 1);
  const targets = new Float32Array(2 * rows);
  for (let row = 0; row < rows; row += 1) {
    const [x, y] = [inputs[2 * row]!, inputs[2 * row + 1]!];
    targets.set([Math.abs(x) - y, x * y], 2 * row);
    if (random.next() < wild) targets.set([50, 50], 2 * row);
  }
  return { rows, inputs, targets, weights: new Float32Array(rows).fill(1) };
}

function missOn({ rows, inputs, targets }: PairedRows, said: (row: Float32Array) => Float64Array): number {
  let miss = 0;
  for (let row = 0; row < rows; row += 1) {
    const ahead = said(inputs.subarray(2 * row, 2 * row + 2));
    for (let j = 0; j < 2; j += 1) miss += Math.abs(ahead[j]! - targets[2 * row + j]!) / (2 * rows);
  }
  return miss;
}

describe('fitPerceptron', () => {
  it('learns a function that no line fits, by the median of what came', async () => {
    const fresh = bent(300, 2);
    const network = await fitPerceptron(bent(2000, 1, 0.1), options, createRandom(7));
    expect(missOn(fresh, network)).toBeLessThan(0.1);
    expect(missOn(fresh, () => new Float64Array(2))).toBeGreaterThan(0.3);
  });

  it('learns with units left out, and only from rows that count', async () => {
    const data = bent(1000, 3, 0.7);
    const counted = data.weights.map((_, row) => (data.targets[2 * row] === 50 ? 0 : 1));
    const network = await fitPerceptron({ ...data, weights: counted }, { ...options, dropout: 0.1 }, createRandom(7));
    expect(missOn(bent(300, 2), network)).toBeLessThan(0.15);
  });

  it('is the same for the same seed, and another for another', async () => {
    const few = { ...options, steps: 20 };
    const said = async (seed: number): Promise<number> =>
      (await fitPerceptron(bent(200, 1), few, createRandom(seed)))(Float32Array.of(0.3, -0.4))[0]!;
    expect(await said(1)).toBe(await said(1));
    expect(await said(1)).not.toBe(await said(2));
  });

  it('refuses rows that do not fill what they say', async () => {
    const none = { rows: 0, inputs: new Float32Array(0), targets: new Float32Array(0), weights: new Float32Array(0) };
    await expect(fitPerceptron(none, options, createRandom(1))).rejects.toThrow(RangeError);
    await expect(fitPerceptron({ ...bent(10, 1), rows: 7 }, options, createRandom(1))).rejects.toThrow(/7 rows/);
  });
});
