import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Detector, ModelCard, Trainer } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { explanationBy } from '../explained-score.ts';
import { outsideRanges, rangesJson, rangesOf, type Ranges } from '../outliers/range-guard.ts';
import { stretchOf } from '../streams/window-rows.ts';
import { copyWindow, fitNetwork } from './fit-network.ts';
import type { Network, NetworkKind } from './network.ts';
import { networkToOnnx } from './network-to-onnx.ts';
import { networkKinds } from './networks.ts';
import { createTape } from './tape.ts';

export interface WindowNetworkOptions {
  /** Rows of a window. */
  steps: number;
  rounds: number;
  batch: number;
  rate: number;
  features: readonly string[];
  /** Which columns are neighbours (columns x columns, rows add up to 1, zero diagonal): the topology. From correlations where absent. */
  neighbours?: readonly number[];
}

interface Standard {
  centre: number[];
  spread: number[];
  /** Mean square miss that scores a half. */
  unit: number;
}

/**
 * A network that expects the last row of a window, as a detector: the mean square miss m of the standardised last row scores m / (m + unit), unit
 * being its 99 % quantile in training. Values are held within 8 deviations. Rows before a whole window score against the first row repeated.
 */
export function createWindowNetworkTrainer(method: string): Trainer<WindowNetworkOptions> {
  const kind = networkKinds[method];
  if (kind === undefined) throw new CerebroError('NOT_FOUND', `There is no network ${method}.`);
  return {
    method,
    fit(rows, given, random) {
      const options: WindowNetworkOptions = { steps: 8, rounds: 500, batch: 48, rate: 0.004, features: [], ...given };
      if (rows.rows < 4 * options.steps)
        throw new CerebroError('INPUT_INVALID', `${rows.rows} rows are too few for windows of ${options.steps}.`);
      const standard = standardOf(rows);
      const flat = standardise(rows, standard);
      const neighbours = options.neighbours === undefined ? correlated(flat) : Float64Array.from(options.neighbours);
      const network = kind({ steps: options.steps, columns: rows.columns }, random, neighbours);
      fitNetwork(network, flat, options, random);
      const misses = missesOf(network, flat, 4)
        .map(mean)
        .sort((left, right) => left - right);
      standard.unit = Math.fround(Math.max(1e-6, misses[Math.floor(0.99 * (misses.length - 1))]!));
      const { features, neighbours: _known, ...kept } = options;
      const names =
        features.length === rows.columns ? features : Array.from({ length: rows.columns }, (_, column) => `f${column}`);
      return detectorOf({
        card: { method, options: kept, features: names, trainedRows: rows.rows },
        network,
        standard,
        neighbours,
        ranges: rangesOf(rows),
      });
    },
    load: (json) => loadNetwork(json, kind),
  };
}

interface Parts {
  card: ModelCard;
  network: Network;
  standard: Standard;
  neighbours: Float64Array;
  ranges: Ranges;
}

function detectorOf({ card, network, standard, neighbours, ranges }: Parts): Detector {
  const { steps, columns } = network.shape;
  const scoreOf = (miss: number): number => miss / (miss + standard.unit);
  return {
    card,
    score: (rows) =>
      Float64Array.from(missesOf(network, standardise(rows, standard), 1), (miss) => scoreOf(mean(miss))),
    outOfDistribution: (rows) => outsideRanges(ranges, rows),
    /** A row's score is the mean of its columns' square misses, bounded: each column's is its share. */
    explain(given, at) {
      const { rows, at: row } = stretchOf(given, columns, at);
      const upTo = { rows: row + 1, columns, values: rows.values.subarray(0, (row + 1) * columns) };
      const miss = missesOf(network, standardise(upTo, standard), 1).at(-1)!;
      const share = 1 / columns / (mean(miss) + standard.unit);
      return explanationBy(card.features, upTo.values.subarray(row * columns), {
        shares: miss.map((one) => one * share),
        expected: 0,
        scale: 'score',
        exact: true,
      });
    },
    toOnnx: () => networkToOnnx(network, standard),
    toJson: () => ({
      card,
      steps,
      standard,
      neighbours: [...neighbours],
      ranges,
      parameters: network.parameters.map(({ values }) => [...values]),
    }),
  };
}

function loadNetwork(json: unknown, kind: NetworkKind): Detector {
  const list = z.array(z.number());
  const read = z
    .object({
      card: z.object({
        method: z.string(),
        options: z.record(z.string(), z.unknown()),
        features: z.array(z.string()),
        trainedRows: z.number(),
      }),
      steps: z.number(),
      standard: z.object({ centre: list, spread: list, unit: z.number() }),
      neighbours: list,
      ranges: rangesJson,
      parameters: z.array(list),
    })
    .safeParse(json);
  if (!read.success) throw new CerebroError('INPUT_INVALID', `Not a window network: ${read.error.message}`);
  const { card, steps, standard, parameters, ranges } = read.data;
  const neighbours = Float64Array.from(read.data.neighbours);
  const network = kind({ steps, columns: standard.centre.length }, createRandom(1), neighbours);
  for (const [p, { values }] of network.parameters.entries()) values.set(parameters[p] ?? []);
  return detectorOf({ card, network, standard, neighbours, ranges });
}

/** Square misses by column of every `stride`th row; before a whole window the first row stands for what was before. */
function missesOf(network: Network, rows: Matrix, stride: number): Float64Array[] {
  const { steps, columns } = network.shape;
  const padded = pad(rows, steps - 1);
  const misses: Float64Array[] = [];
  const ends = Array.from({ length: Math.ceil(rows.rows / stride) }, (_, i) => i * stride);
  for (let from = 0; from < ends.length; from += 256) {
    const part = ends.slice(from, from + 256);
    const windows = new Float64Array(part.length * steps * columns);
    for (const [slot, end] of part.entries()) copyWindow(padded, end + steps - 1, steps, windows, slot);
    const tape = createTape();
    const { last } = network.expect(tape, tape.input(part.length, steps * columns, windows));
    for (let slot = 0; slot < part.length; slot += 1)
      misses.push(
        Float64Array.from(
          { length: columns },
          (_, c) => (last.values[slot * columns + c]! - windows[(slot * steps + steps - 1) * columns + c]!) ** 2,
        ),
      );
  }
  return misses;
}

function pad(rows: Matrix, count: number): Matrix {
  const values = new Float64Array((rows.rows + count) * rows.columns);
  for (let row = 0; row < count; row += 1) values.set(rows.values.subarray(0, rows.columns), row * rows.columns);
  values.set(rows.values, count * rows.columns);
  return { rows: rows.rows + count, columns: rows.columns, values };
}

function standardOf({ rows, columns, values }: Matrix): Standard {
  const centre = Array.from({ length: columns }, (_, c) => {
    let sum = 0;
    for (let r = 0; r < rows; r += 1) sum += values[r * columns + c]! / rows;
    return Math.fround(sum);
  });
  const spread = centre.map((middle, c) => {
    let squares = 0;
    for (let r = 0; r < rows; r += 1) squares += (values[r * columns + c]! - middle) ** 2 / rows;
    return Math.fround(Math.max(Math.sqrt(squares), 1e-3 * Math.abs(middle), 1e-3));
  });
  return { centre, spread, unit: 1 };
}

function standardise({ rows, columns, values }: Matrix, { centre, spread }: Standard): Matrix {
  const flat = Float64Array.from(values, (value, i) => {
    const column = i % columns;
    return Math.max(-8, Math.min(8, Number.isNaN(value) ? 0 : (value - centre[column]!) / spread[column]!));
  });
  return { rows, columns, values: flat };
}

/** Each column's five most correlated others, weights in proportion to the correlation. */
function correlated({ rows, columns, values }: Matrix): Float64Array {
  const weights = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i += 1) {
    const strengths = Array.from({ length: columns }, (_, j) => {
      let product = 0;
      for (let r = 0; r < rows; r += 3) product += values[r * columns + i]! * values[r * columns + j]!;
      return { j, strength: i === j ? 0 : Math.abs((product * 3) / rows) };
    });
    const best = strengths.sort((left, right) => right.strength - left.strength || left.j - right.j).slice(0, 5);
    const total = best.reduce((sum, { strength }) => sum + strength, 0) || 1;
    for (const { j, strength } of best) weights[i * columns + j] = Math.fround(strength / total);
  }
  return weights;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
