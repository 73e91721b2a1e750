import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Random } from '../../../infra/runtime/random.ts';
import { encodeModel, floats, integers } from '../onnx/encode-model.ts';
import type { OnnxNode, OnnxValue } from '../onnx/encode-model.ts';

/** Rows to learn from, row-major in float32: what is known, what came, and how much each row counts. */
export interface PairedRows {
  rows: number;
  inputs: Float32Array;
  targets: Float32Array;
  weights: Float32Array;
}

export interface PerceptronOptions {
  /** Width of each of the two hidden layers. */
  hidden: number;
  /** Share of hidden units left out at each step. */
  dropout: number;
  steps: number;
  batch: number;
  /** Highest learning rate, reached after three tenths of the steps. */
  rate: number;
}

/** A trained network: `inputs` values of one row in, `outputs` values out. */
export type Perceptron = (row: Float32Array) => Float64Array;

/** One linear layer: weights [from, to] row-major, and a bias for each output. */
interface Layer {
  from: number;
  to: number;
  weights: Float32Array;
  biases: Float32Array;
}

/**
 * Two hidden layers of rectified units, learned for the mean absolute error by Adam (Kingma and Ba 2015) with dropout (Srivastava et al. 2014), the
 * rate rising and falling once (Smith and Topin 2019). One step (forward, backward, update) is an ONNX graph that onnxruntime runs on one thread:
 * its matrix products are tens of times as fast as loops in JavaScript. Same rows and seed on the same machine: same network.
 * Cost: steps x batch x 6 x parameters operations. Throws a RangeError when the rows do not fill what they say, or there are none.
 */
export async function fitPerceptron(data: PairedRows, options: PerceptronOptions, random: Random): Promise<Perceptron> {
  const { rows, inputs, targets, weights } = data;
  const from = inputs.length / rows;
  const to = targets.length / rows;
  if (!(rows > 0) || !Number.isInteger(from) || !Number.isInteger(to) || weights.length !== rows)
    throw new RangeError(`${rows} rows need whole numbers of inputs and targets, and a weight each`);
  const widths = [from, options.hidden, options.hidden, to];
  const layers = widths.slice(1).map((width, l) => drawLayer(widths[l]!, width, random));
  const session = await InferenceSession.create(encodeModel(stepGraph(widths, options.batch)), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  try {
    const state = startOf(layers);
    const masks = drawMasks(options, random);
    for (let step = 1; step <= options.steps; step += 1) {
      const batch = drawBatch(data, { from, to, batch: options.batch }, random);
      const made = await session.run({ ...state, ...batch, ...masks(), ...ratesAt(step, options) });
      for (const [name, { dims }] of Object.entries(state))
        state[name] = new Tensor('float32', floatsOf(made[`${name}_next`]), dims);
    }
    return perceptronOf(
      layers.map((layer, l) => ({
        ...layer,
        weights: floatsOf(state[`weights${l}`]),
        biases: floatsOf(state[`biases${l}`]),
      })),
    );
  } finally {
    await session.release();
  }
}

/** Weights and biases drawn evenly within one over the root of the inputs (LeCun et al. 1998). */
function drawLayer(from: number, to: number, random: Random): Layer {
  const width = 1 / Math.sqrt(from);
  const draw = (count: number): Float32Array =>
    Float32Array.from({ length: count }, () => (2 * random.next() - 1) * width);
  return { from, to, weights: draw(from * to), biases: draw(to) };
}

type State = Record<string, Tensor>;

function floatsOf(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError('a step gave no float32 where it should');
}

const moments = ['mean', 'power'] as const;

/** What goes from step to step: parameters and their two running moments. */
function startOf(layers: readonly Layer[]): State {
  const state: State = {};
  for (const [l, { from, to, weights, biases }] of layers.entries())
    for (const [name, values, dims] of [
      [`weights${l}`, weights, [from, to]],
      [`biases${l}`, biases, [1, to]],
    ] as const) {
      state[name] = new Tensor('float32', values, dims);
      for (const moment of moments)
        state[`${name}_${moment}`] = new Tensor('float32', new Float32Array(values.length), dims);
    }
  return state;
}

function drawBatch(data: PairedRows, of: { from: number; to: number; batch: number }, random: Random): State {
  const { from, to, batch } = of;
  const known = new Float32Array(batch * from);
  const came = new Float32Array(batch * to);
  const share = new Float32Array(batch);
  for (let b = 0; b < batch; b += 1) {
    const row = random.integer(data.rows);
    known.set(data.inputs.subarray(row * from, (row + 1) * from), b * from);
    came.set(data.targets.subarray(row * to, (row + 1) * to), b * to);
    share[b] = data.weights[row]! / (batch * to);
  }
  return {
    known: new Tensor('float32', known, [batch, from]),
    came: new Tensor('float32', came, [batch, to]),
    share: new Tensor('float32', share, [batch, 1]),
  };
}

/** Which hidden units a step leaves out: stretches of one long draw, since a draw for each unit and step would cost more than the step. */
function drawMasks({ dropout, hidden, batch }: PerceptronOptions, random: Random): () => State {
  const size = hidden * batch;
  const drawn = Float32Array.from({ length: 4 * size }, () => (random.next() < dropout ? 0 : 1 / (1 - dropout)));
  const mask = (): Tensor => {
    const at = random.integer(3 * size);
    return new Tensor('float32', drawn.subarray(at, at + size), [batch, hidden]);
  };
  return () => ({ mask0: mask(), mask1: mask() });
}

const decays = { mean: 0.9, power: 0.999 } as const;

/** The rate of a step, corrected for the moments' start at nothing. */
function ratesAt(step: number, { steps, rate }: PerceptronOptions): State {
  const done = step / steps;
  const rising = done < 0.3;
  const share = rising
    ? 0.04 + 0.48 * (1 - Math.cos((Math.PI * done) / 0.3))
    : 0.5 * (1 + Math.cos((Math.PI * (done - 0.3)) / 0.7));
  const scalar = (value: number): Tensor => new Tensor('float32', Float32Array.of(value), [1]);
  return {
    rate: scalar((rate * share) / (1 - decays.mean ** step)),
    spread: scalar(1 / (1 - decays.power ** step)),
  };
}

/** The graph of one step: forward, the slopes of the weighted absolute error by the chain rule, Adam for each parameter. */
function stepGraph(widths: readonly number[], batch: number): Parameters<typeof encodeModel>[0] {
  const last = widths.length - 2;
  const nodes: OnnxNode[] = [];
  const add = (op: string, inputs: string[], output: string, attributes?: OnnxNode['attributes']): string => {
    nodes.push({ op, inputs, outputs: [output], ...(attributes && { attributes }) });
    return output;
  };
  let taken = 'known';
  for (let l = 0; l <= last; l += 1) {
    const sum = add('Gemm', [taken, `weights${l}`, `biases${l}`], `sum${l}`);
    if (l < last) taken = add('Mul', [add('Relu', [sum], `lit${l}`), `mask${l}`], `taken${l + 1}`);
  }
  let slope = add('Mul', [add('Sign', [add('Sub', [`sum${last}`, 'came'], 'miss')], 'side'), 'share'], `slope${last}`);
  const updates: { name: string; slope: string; dims: number[] }[] = [];
  for (let l = last; l >= 0; l -= 1) {
    const from = l === 0 ? 'known' : `taken${l}`;
    const ofWeights = add('Gemm', [from, slope], `weights${l}_slope`, { transA: { int: 1 } });
    const ofBiases = add('ReduceSum', [slope, 'rows'], `biases${l}_slope`, { keepdims: { int: 1 } });
    updates.push({ name: `weights${l}`, slope: ofWeights, dims: [widths[l]!, widths[l + 1]!] });
    updates.push({ name: `biases${l}`, slope: ofBiases, dims: [1, widths[l + 1]!] });
    if (l === 0) break;
    const back = add('Gemm', [slope, `weights${l}`], `back${l}`, { transB: { int: 1 } });
    const open = add('Mul', [add('Sign', [`lit${l - 1}`], `open${l - 1}`), `mask${l - 1}`], `through${l - 1}`);
    slope = add('Mul', [back, open], `slope${l - 1}`);
  }
  for (const { name, slope: own } of updates) {
    const mean = add(
      'Add',
      [add('Mul', [`${name}_mean`, 'keepMean'], `${name}_oldMean`), add('Mul', [own, 'newMean'], `${name}_newMean`)],
      `${name}_mean_next`,
    );
    const square = add('Mul', [own, own], `${name}_square`);
    const power = add(
      'Add',
      [
        add('Mul', [`${name}_power`, 'keepPower'], `${name}_oldPower`),
        add('Mul', [square, 'newPower'], `${name}_newPower`),
      ],
      `${name}_power_next`,
    );
    const root = add('Sqrt', [add('Mul', [power, 'spread'], `${name}_true`)], `${name}_root`);
    const size = add('Add', [root, 'least'], `${name}_size`);
    const move = add('Div', [add('Mul', [mean, 'rate'], `${name}_push`), size], `${name}_move`);
    add('Sub', [name, move], `${name}_next`);
  }
  const value = (name: string, dims: readonly number[]): OnnxValue => ({ name, element: 'float', dims });
  const kept = updates.flatMap(({ name, dims }) =>
    [name, ...moments.map((moment) => `${name}_${moment}`)].map((own) => ({ own, dims })),
  );
  return {
    name: 'step',
    inputs: [
      ...kept.map(({ own, dims }) => value(own, dims)),
      value('known', [batch, widths[0]!]),
      value('came', [batch, widths.at(-1)!]),
      value('share', [batch, 1]),
      ...Array.from({ length: last }, (_, l) => value(`mask${l}`, [batch, widths[l + 1]!])),
      value('rate', [1]),
      value('spread', [1]),
    ],
    outputs: kept.map(({ own, dims }) => value(`${own}_next`, dims)),
    constants: {
      rows: integers([1], [0]),
      keepMean: floats([1], [decays.mean]),
      newMean: floats([1], [1 - decays.mean]),
      keepPower: floats([1], [decays.power]),
      newPower: floats([1], [1 - decays.power]),
      least: floats([1], [1e-8]),
    },
    nodes,
  };
}

function perceptronOf(layers: readonly Layer[]): Perceptron {
  return (row) => {
    let values = Float64Array.from(row);
    for (const [l, { from, to, weights, biases }] of layers.entries()) {
      const next = Float64Array.from(biases);
      for (let i = 0; i < from; i += 1) {
        const value = values[i]!;
        if (value !== 0) for (let j = 0; j < to; j += 1) next[j]! += value * weights[i * to + j]!;
      }
      values = l + 1 < layers.length ? next.map((sum) => Math.max(0, sum)) : next;
    }
    return values;
  };
}
