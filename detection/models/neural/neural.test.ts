import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { matrixOf, rowOf, type Matrix } from '../matrix.ts';
import { runOnnx } from '../onnx/run-onnx.ts';
import { networkKinds } from './networks.ts';
import { createTape } from './tape.ts';
import { createWindowNetworkTrainer } from './window-network.ts';

const options = { steps: 6, rounds: 150, batch: 32, features: ['a', 'b', 'c', 'd'] };

/** Four metrics that move together, the last one leaving the others from `from` to `to`. */
function machine(rows: number, seed: number, odd?: { from: number; to: number }): Matrix {
  const random = createRandom(seed);
  return matrixOf(
    Array.from({ length: rows }, (_, t) => {
      const wave = Math.sin(t / 9);
      const noise = (): number => 0.1 * (random.next() - 0.5);
      const alone = odd !== undefined && t >= odd.from && t < odd.to ? 1.5 : 0;
      // As float32, which is what a served model is given.
      return [10 + wave + noise(), 5 - wave + noise(), 100 + 20 * wave + noise(), 2 * wave + noise() + alone].map(
        Math.fround,
      );
    }),
  );
}

describe.each(Object.keys(networkKinds))('%s', (method) => {
  const kind = networkKinds[method]!;

  it('has the slopes that small changes of its parameters show', () => {
    const neighbours = Float64Array.from([0, 1, 0.5, 0.5, 1, 0, 0.5, 0.5, 0.5, 0.5, 0, 0, 0.3, 0.3, 0.4, 0]);
    const network = kind({ steps: 3, columns: 4 }, createRandom(1), neighbours);
    const random = createRandom(2);
    const values = Float64Array.from({ length: 2 * 12 }, () => random.next() - 0.5);
    const pull = Float64Array.from({ length: 8 }, () => random.next() - 0.5);
    const loss = (): number => {
      const tape = createTape();
      return network
        .expect(tape, tape.input(2, 12, values))
        .last.values.reduce((sum, value, i) => sum + value * pull[i]!, 0);
    };
    const tape = createTape();
    tape.backward(network.expect(tape, tape.input(2, 12, values)).last, pull);
    for (const { values: own, slopes } of network.parameters) {
      const at = random.integer(own.length);
      const kept = own[at]!;
      own[at] = kept + 1e-5;
      const above = loss();
      own[at] = kept - 1e-5;
      const below = loss();
      own[at] = kept;
      expect(slopes[at]!).toBeCloseTo((above - below) / 2e-5, 6);
    }
  });

  it('finds a metric that leaves the others, says which, and is the same in ONNX, in JSON and for the seed', async () => {
    const trainer = createWindowNetworkTrainer(method);
    const detector = trainer.fit(machine(400, 1), options, createRandom(3));
    const rows = machine(200, 2, { from: 120, to: 140 });
    const scores = detector.score(rows);
    const meanOf = (from: number, to: number): number =>
      scores.subarray(from, to).reduce((sum, score) => sum + score, 0) / (to - from);
    expect(meanOf(120, 140)).toBeGreaterThan(meanOf(0, 120) + 0.15);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    const windows = matrixOf([10, 100, 125].map((at) => rows.values.subarray((at - 5) * 4, (at + 1) * 4)));
    const told = detector.explain(windows.values.subarray(48, 72));
    expect(told.contributions[0]!.feature).toBe('d');
    expect(told.score).toBeCloseTo(scores[125]!, 12);
    expect(told.contributions.reduce((sum, { share }) => sum + share, told.expected)).toBeCloseTo(told.score, 9);
    expect(detector.explain(rows.values, 125).score).toBeCloseTo(scores[125]!, 12);
    expect([
      ...detector.outOfDistribution(
        matrixOf([
          [10, 5, 100, 2],
          [10, 5, 400, 2],
        ]),
      ),
    ]).toEqual([0, 1]);
    const served = await runOnnx(detector.toOnnx!(), windows);
    for (const [i, at] of [10, 100, 125].entries()) expect(Math.abs(served[i]! - scores[at]!)).toBeLessThan(1e-6);
    const strange = matrixOf(
      [Number.NaN, 1e30, Number.NEGATIVE_INFINITY, 1e-40].map((odd) =>
        rows.values.slice(0, 24).map((value, at) => (at % 5 === 0 ? Math.fround(odd) : value)),
      ),
    );
    const hostile = await runOnnx(detector.toOnnx!(), strange);
    for (let at = 0; at < strange.rows; at += 1) {
      const window = { rows: 6, columns: 4, values: rowOf(strange, at) };
      expect(Math.abs(hostile[at]! - detector.score(window).at(-1)!)).toBeLessThan(1e-6);
    }
    expect(trainer.load(JSON.parse(JSON.stringify(detector.toJson()))).score(rows)).toEqual(scores);
    expect(trainer.fit(machine(400, 1), options, createRandom(3)).score(rows)).toEqual(scores);
  }, 30_000);
});

describe('a window network', () => {
  it('refuses too few rows, an unknown kind and strange JSON', () => {
    expect(() => createWindowNetworkTrainer('transformer').fit(machine(10, 1), options, createRandom(1))).toThrow(
      /too few/,
    );
    expect(() => createWindowNetworkTrainer('oracle')).toThrow(/no network/);
    expect(() => createWindowNetworkTrainer('transformer').load({})).toThrow(/Not a window network/);
  });
});
