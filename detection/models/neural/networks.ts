import { drawNormal } from '../../../infra/runtime/random.ts';
import { biases, layer, weights, type NetworkKind } from './network.ts';
import type { Cell } from './tape.ts';

/**
 * LSTM autoencoder (Malhotra et al. 2016): the rows before the last and a dimmed last one go through a long short-term memory (Hochreiter and
 * Schmidhuber 1997), whose end, through a narrow layer, gives the last row back.
 */
const lstmAutoencoder: NetworkKind = (shape, random) => {
  const { steps, columns } = shape;
  const hidden = 16;
  const gates = weights(columns + hidden, 4 * hidden, random);
  const bias = biases(4 * hidden, 0.5);
  const narrow = layer(columns, 4, random);
  const out = layer(hidden + 4, columns, random);
  return {
    method: 'lstm-autoencoder',
    shape,
    parameters: [gates, bias, ...narrow.parameters, ...out.parameters],
    expect(tape, windows) {
      const start = tape.constant(1, hidden, new Float64Array(hidden));
      const nothing = tape.times(tape.columns(windows, 0, 1), tape.constant(1, 1, new Float64Array(1)));
      const zero = tape.add(tape.multiply(nothing, tape.constant(1, hidden, new Float64Array(hidden))), start);
      let state = zero;
      let memory = zero;
      for (let step = 0; step < steps - 1; step += 1) {
        const seen = tape.beside(tape.columns(windows, step * columns, (step + 1) * columns), state);
        const all = tape.add(tape.multiply(seen, gates), bias);
        const part = (k: number): Cell => tape.columns(all, k * hidden, (k + 1) * hidden);
        const kept = tape.times(tape.sigmoid(part(0)), memory);
        memory = tape.add(kept, tape.times(tape.sigmoid(part(1)), tape.tanh(part(2))));
        state = tape.times(tape.sigmoid(part(3)), tape.tanh(memory));
      }
      const now = tape.columns(windows, (steps - 1) * columns, steps * columns);
      return { last: out.of(tape, tape.beside(state, tape.tanh(narrow.of(tape, now)))) };
    },
  };
};

/** Variational autoencoder of whole windows (Kingma and Welling 2014): the code is drawn in training, its mean in use. */
const variationalAutoencoder: NetworkKind = (shape, random) => {
  const { steps, columns } = shape;
  const code = 6;
  const inward = layer(steps * columns, 48, random);
  const centre = layer(48, code, random);
  const spread = layer(48, code, random);
  const outward = layer(code, 48, random);
  const out = layer(48, columns, random);
  return {
    method: 'variational-autoencoder',
    shape,
    parameters: [inward, centre, spread, outward, out].flatMap(({ parameters }) => parameters),
    expect(tape, windows, noise) {
      const seen = tape.tanh(inward.of(tape, windows));
      const mean = centre.of(tape, seen);
      const decode = (z: Cell): Cell => out.of(tape, tape.tanh(outward.of(tape, z)));
      if (noise === undefined) return { last: decode(mean) };
      const logarithm = spread.of(tape, seen);
      const deviation = tape.exponent(logarithm);
      const drawn = Float64Array.from({ length: windows.rows * code }, () => drawNormal(noise));
      const z = tape.add(mean, tape.times(deviation, tape.constant(windows.rows, code, drawn)));
      // Divergence from the standard normal law: its slopes by mean and by the logarithm of the deviation.
      const weight = 0.02 / windows.rows;
      return {
        last: decode(z),
        extra: [
          { of: mean, slopes: mean.values.map((value) => weight * value) },
          { of: logarithm, slopes: deviation.values.map((value) => weight * (value * value - 1)) },
        ],
      };
    },
  };
};

/** One attention layer over the rows of a window (Vaswani et al. 2017), the last row dimmed to a narrow code; its own place gives the row back. */
const transformer: NetworkKind = (shape, random) => {
  const { steps, columns } = shape;
  const width = 16;
  const embed = layer(columns, width, random);
  const narrow = layer(columns, 4, random);
  const widen = layer(4, width, random);
  const places = weights(1, steps * width, random);
  const query = layer(width, width, random);
  const key = layer(width, width, random);
  const value = layer(width, width, random);
  const mixed = layer(width, width, random);
  const inner = layer(width, 32, random);
  const back = layer(32, width, random);
  const out = layer(width, columns, random);
  return {
    method: 'transformer',
    shape,
    parameters: [
      places,
      ...[embed, narrow, widen, query, key, value, mixed, inner, back, out].flatMap(({ parameters }) => parameters),
    ],
    expect(tape, windows) {
      const before = tape.columns(windows, 0, (steps - 1) * columns);
      const now = tape.columns(windows, (steps - 1) * columns, steps * columns);
      const embedded = tape.fold(embed.of(tape, tape.fold(before, columns)), (steps - 1) * width);
      const last = widen.of(tape, tape.tanh(narrow.of(tape, now)));
      const placed = tape.fold(tape.add(tape.beside(embedded, last), places), width);
      const attended = tape.attend(query.of(tape, placed), key.of(tape, placed), value.of(tape, placed), steps);
      const joined = tape.add(placed, mixed.of(tape, attended));
      const thought = tape.add(joined, back.of(tape, tape.rectify(inner.of(tape, joined))));
      const end = tape.columns(tape.fold(thought, steps * width), (steps - 1) * width, steps * width);
      return { last: out.of(tape, end) };
    },
  };
};

/**
 * Graph network: every column is a node that sees its own past and, in two rounds of messages over the neighbours' weights (Kipf and Welling
 * 2017), what its neighbours do now, but never its own present value (as in Deng and Hooi 2021). A node that its neighbours do not explain is abnormal.
 */
const graphNetwork: NetworkKind = (shape, random, neighbours) => {
  const { steps, columns } = shape;
  const width = 12;
  const past = layer(steps - 1, width, random);
  const present = layer(steps, width, random);
  const hear = layer(width, width, random);
  const join = layer(2 * width, width, random);
  const out = layer(width, 1, random);
  const tags = weights(1, columns * width, random);
  return {
    method: 'graph-network',
    shape,
    parameters: [tags, ...[past, present, hear, join, out].flatMap(({ parameters }) => parameters)],
    expect(tape, windows) {
      const series = Array.from({ length: columns }, (_, column) =>
        tape.beside(
          ...Array.from({ length: steps }, (_unused, step) =>
            tape.columns(windows, step * columns + column, step * columns + column + 1),
          ),
        ),
      );
      const nodes = tape.fold(tape.beside(...series), steps);
      const own = tape.tanh(past.of(tape, tape.columns(nodes, 0, steps - 1)));
      const said = tape.tanh(present.of(tape, nodes));
      const heard = tape.mix(tape.tanh(hear.of(tape, said)), neighbours, columns);
      const joined = tape.fold(
        tape.add(tape.fold(join.of(tape, tape.beside(own, heard)), columns * width), tags),
        width,
      );
      return { last: tape.fold(out.of(tape, tape.tanh(joined)), columns) };
    },
  };
};

/** Every kind by its method. */
export const networkKinds: Readonly<Record<string, NetworkKind>> = {
  'lstm-autoencoder': lstmAutoencoder,
  'variational-autoencoder': variationalAutoencoder,
  transformer,
  'graph-network': graphNetwork,
};
