import type { Random } from '../../../infra/runtime/random.ts';
import type { Matrix } from '../matrix.ts';
import type { Network } from './network.ts';
import { createTape } from './tape.ts';

export interface FitOptions {
  rounds: number;
  batch: number;
  rate: number;
}

/**
 * Makes a network expect the last row of windows drawn from the rows: Adam (Kingma and Ba 2015) on the mean square error, the rate falling to
 * a tenth. Parameters end rounded to float32, so that an exported file holds the same ones. Cost: rounds x batch x the network's size.
 */
export function fitNetwork(network: Network, rows: Matrix, options: FitOptions, random: Random): void {
  const { parameters, shape } = network;
  const first = parameters.map(({ values }) => new Float64Array(values.length));
  const second = parameters.map(({ values }) => new Float64Array(values.length));
  for (let round = 1; round <= options.rounds; round += 1) {
    const windows = new Float64Array(options.batch * shape.steps * shape.columns);
    for (let b = 0; b < options.batch; b += 1)
      copyWindow(rows, shape.steps - 1 + random.integer(rows.rows - shape.steps + 1), shape.steps, windows, b);
    const tape = createTape();
    const { last, extra } = network.expect(
      tape,
      tape.input(options.batch, shape.steps * shape.columns, windows),
      random,
    );
    for (const { slopes } of parameters) slopes.fill(0);
    for (const { of, slopes } of extra ?? []) of.slopes.set(slopes);
    tape.backward(last, slopesOf(last.values, windows, shape, options.batch));
    const rate = options.rate * (1 - (0.9 * round) / options.rounds);
    for (const [p, { values, slopes }] of parameters.entries())
      for (let i = 0; i < values.length; i += 1) {
        const slope = Math.max(-1, Math.min(1, slopes[i]!));
        const mean = (first[p]![i] = 0.9 * first[p]![i]! + 0.1 * slope);
        const power = (second[p]![i] = 0.999 * second[p]![i]! + 0.001 * slope * slope);
        values[i]! -= (rate * (mean / (1 - 0.9 ** round))) / (Math.sqrt(power / (1 - 0.999 ** round)) + 1e-8);
      }
  }
  for (const { values } of parameters) for (let i = 0; i < values.length; i += 1) values[i] = Math.fround(values[i]!);
}

/** The rows that end at `at`, side by side, into place `slot`. */
// oxlint-disable-next-line max-params -- from where, how many, to where
export function copyWindow(rows: Matrix, at: number, steps: number, into: Float64Array, slot: number): void {
  const { columns, values } = rows;
  into.set(values.subarray((at - steps + 1) * columns, (at + 1) * columns), slot * steps * columns);
}

// oxlint-disable-next-line max-params -- said, seen, and their sizes
function slopesOf(last: Float64Array, windows: Float64Array, shape: Network['shape'], batch: number): Float64Array {
  const { steps, columns } = shape;
  return last.map((value, i) => {
    const b = Math.floor(i / columns);
    const actual = windows[b * steps * columns + (steps - 1) * columns + (i % columns)]!;
    return ((2 * (value - actual)) / (batch * columns)) * columns ** 0.5;
  });
}
