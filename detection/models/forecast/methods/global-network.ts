import { createRandom } from '../../../../infra/runtime/random.ts';
import { fitPerceptron } from '../../neural/fit-perceptron.ts';
import type { PairedRows, PerceptronOptions } from '../../neural/fit-perceptron.ts';
import type { ReadySeries } from '../point-method.ts';
import type { SharedMethod } from '../shared-method.ts';
import { trainingOrigins } from './training-origins.ts';

export interface GlobalNetworkOptions extends Partial<PerceptronOptions> {
  /** Rows to learn from, at most: origins are spread so that no more are made. */
  mostRows?: number;
}

/**
 * A network of two hidden layers over the last values of a series, learned over many series at once, all steps ahead together: a window of the longest and the
 * shortest season in, relative to the level of the longest and in units of its departures; out comes what to add to the mean of the last
 * shortest and longest periods again. Absolute loss; series with more noise weigh more, by the root of their scale. It sees values where
 * `global-boosting` sees profiles: they miss differently, which is what a combination lives on. Cost: that of `fitPerceptron`.
 */
export function createGlobalNetwork(options: GlobalNetworkOptions = {}): SharedMethod {
  const { mostRows = 50_000, hidden = 512, dropout = 0.15, steps = 2000, batch = 256, rate = 3e-3 } = options;
  const method = 'global-network';
  return {
    method,
    judgedBy: 'others',
    scale: 'logarithm',
    async fit(all, horizon) {
      const seasons = all[0]?.seasons ?? [];
      const window = { longest: seasons.at(-1) ?? 1, shortest: seasons[0] ?? 1, horizon };
      const data = seasons.length === 0 ? undefined : trainingRows(all, window, mostRows);
      if (data === undefined)
        return { method, needs: () => Number.POSITIVE_INFINITY, ahead: () => new Float64Array(0) };
      const network = await fitPerceptron(data, { hidden, dropout, steps, batch, rate }, createRandom(1));
      return {
        method,
        needs: () => needsOf(window),
        ahead({ values }, asked) {
          const view = viewAt(values, values.length, window);
          const said = network(view.known);
          return Float64Array.from({ length: asked }, (_, h) => view.base(h) + view.scale * said[h % horizon]!);
        },
      };
    },
  };
}

interface Window {
  longest: number;
  shortest: number;
  horizon: number;
}

/** A series as the network sees it from an origin. */
interface View {
  known: Float32Array;
  scale: number;
  /** What it corrects, `h` steps after the next value. */
  base: (h: number) => number;
}

function needsOf({ longest, shortest }: Window): number {
  return longest + shortest;
}

function viewAt(values: Float64Array, origin: number, { longest, shortest }: Window): View {
  const lags = longest + shortest;
  const period = values.subarray(origin - longest, origin);
  let level = 0;
  for (const value of period) level += value / longest;
  const middle = Float64Array.from(period).sort()[longest >> 1]!;
  let scale = 0;
  for (const value of period) scale += Math.abs(value - middle) / longest;
  scale = Math.max(scale, 1e-3 * Math.min(1, Math.abs(level)), 1e-9);
  const known = new Float32Array(lags + 1);
  for (let k = 0; k < lags; k += 1) known[k] = (values[origin - lags + k]! - level) / scale;
  known[lags] = Math.log(scale);
  return {
    known,
    scale,
    base: (h) => (values[origin - shortest + (h % shortest)]! + values[origin - longest + (h % longest)]!) / 2,
  };
}

function trainingRows(all: readonly ReadySeries[], window: Window, mostRows: number): PairedRows | undefined {
  const { horizon } = window;
  const needs = needsOf(window);
  const places = trainingOrigins(all, { needs, horizon, most: mostRows });
  if (places.length === 0) return undefined;
  const inputs = new Float32Array(places.length * (needs + 1));
  const targets = new Float32Array(places.length * horizon);
  const weights = new Float32Array(places.length);
  for (const [row, [values, origin]] of places.entries()) {
    const { known, scale, base } = viewAt(values, origin, window);
    inputs.set(known, row * known.length);
    for (let h = 0; h < horizon; h += 1) targets[row * horizon + h] = (values[origin + h]! - base(h)) / scale;
    weights[row] = Math.sqrt(scale);
  }
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / places.length;
  return { rows: places.length, inputs, targets, weights: weights.map((weight) => weight / mean) };
}
