import type { Random } from '../../../infra/runtime/random.ts';
import { cellOf, type Cell, type Tape } from './tape.ts';

/** What a network looks at: `steps` rows of `columns` standardised values, side by side, oldest first. */
export interface WindowShape {
  steps: number;
  columns: number;
}

/** One kind of network: its parameters and how it gives a window back. */
export interface Network {
  readonly method: string;
  readonly shape: WindowShape;
  readonly parameters: readonly Cell[];
  /** The last row of each window as the network expects it (batch x columns). `random` adds the noise of training where the kind has one. */
  expect(tape: Tape, windows: Cell, random?: Random): { last: Cell; extra?: { of: Cell; slopes: Float64Array }[] };
}

export type NetworkKind = (shape: WindowShape, random: Random, neighbours: Float64Array) => Network;

/** Weights drawn evenly within the square root of 6 / (in + out) (Glorot and Bengio 2010). */
export function weights(rows: number, columns: number, random: Random): Cell {
  const width = Math.sqrt(6 / (rows + columns));
  const values = Float64Array.from({ length: rows * columns }, () => (2 * random.next() - 1) * width);
  return cellOf(rows, columns, values, { op: 'parameter' });
}

/** A row of biases. */
export function biases(columns: number, value = 0): Cell {
  return cellOf(1, columns, new Float64Array(columns).fill(value), { op: 'parameter' });
}

/** A linear layer with its parameters. */
export function layer(
  inputs: number,
  outputs: number,
  random: Random,
): { parameters: Cell[]; of: (tape: Tape, x: Cell) => Cell } {
  const weight = weights(inputs, outputs, random);
  const bias = biases(outputs);
  return { parameters: [weight, bias], of: (tape, x) => tape.add(tape.multiply(x, weight), bias) };
}
