import { z } from 'zod';
import type { Random } from '../../infra/runtime/random.ts';
import type { Trainer } from '../contracts.ts';
import { floats } from '../onnx/encode-model.ts';
import { createOutlierTrainer } from './fitted-detector.ts';

export interface OneClassSvmOptions {
  /** Share of training rows that may lie outside. */
  nu: number;
  /** Random Fourier features that stand for the kernel. */
  waves: number;
  /** Passes over the training rows. */
  passes: number;
}

const parametersJson = z.object({
  directions: z.array(z.number()),
  phases: z.array(z.number()),
  weights: z.array(z.number()),
  offset: z.number(),
  spread: z.number(),
});
type Parameters = z.infer<typeof parametersJson>;

/**
 * One-class support vector machine (Schoelkopf et al. 2001) with an RBF kernel of width by the number of columns, its kernel by random Fourier features
 * (Rahimi & Recht, NIPS 2007), solved in the primal by averaged stochastic subgradients (Pegasos: Shalev-Shwartz et al. 2011). The score is a sigmoid of the
 * decision: 1/2 on the boundary, more outside.
 */
export function createOneClassSvmTrainer(): Trainer<OneClassSvmOptions & { features: readonly string[] }> {
  return createOutlierTrainer<OneClassSvmOptions, Parameters>({
    method: 'one-class-svm',
    defaults: { nu: 0.1, waves: 256, passes: 10 },
    leastRows: 2,
    mostRows: 5000,
    schema: parametersJson,
    learn: (scaled, { columns, options, random }) => {
      const gaussian = (): number =>
        Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
      const width = 1 / Math.sqrt(columns);
      const directions = Array.from({ length: options.waves * columns }, () => Math.fround(gaussian() * width));
      const phases = Array.from({ length: options.waves }, () => Math.fround(random.next() * 2 * Math.PI));
      const waves = wavesOf(scaled, columns, { directions, phases });
      const weights = solve(waves, options, random);
      const sums = projections(waves, weights);
      const sorted = Float64Array.from(sums).sort();
      const quantile = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)]!;
      const spread = Math.max(quantile(0.75) - quantile(0.25), 1e-6);
      // the offset is where a share nu lies outside, as at the optimum
      return {
        directions,
        phases,
        weights: weights.map(Math.fround),
        offset: Math.fround(quantile(options.nu)),
        spread: Math.fround(spread),
      };
    },
    score: (scaled, columns, parameters) => {
      const sums = projections(wavesOf(scaled, columns, parameters), parameters.weights);
      return sums.map((sum) => 1 / (1 + Math.exp((sum - parameters.offset) / parameters.spread)));
    },
    onnx: ({ directions, phases, weights, offset, spread }, columns) => {
      const count = phases.length;
      const turned = Array.from(directions, (_, at) => directions[(at % count) * columns + Math.floor(at / count)]!);
      return {
        constants: {
          directions: floats([columns, count], turned),
          phases: floats([1, count], phases),
          weights: floats([count, 1], weights),
          offset: floats([], [offset]),
          svmSpread: floats([], [spread]),
          nearest: floats([], [-furthest]),
          furthest: floats([], [furthest]),
        },
        nodes: [
          { op: 'Clip', inputs: ['scaled', 'nearest', 'furthest'], outputs: ['held'] },
          { op: 'MatMul', inputs: ['held', 'directions'], outputs: ['turned'] },
          { op: 'Add', inputs: ['turned', 'phases'], outputs: ['angles'] },
          { op: 'Cos', inputs: ['angles'], outputs: ['waves'] },
          { op: 'MatMul', inputs: ['waves', 'weights'], outputs: ['sums'] },
          { op: 'Sub', inputs: ['offset', 'sums'], outputs: ['outside'] },
          { op: 'Div', inputs: ['outside', 'svmSpread'], outputs: ['decision'] },
          { op: 'Sigmoid', inputs: ['decision'], outputs: ['scores'] },
        ],
      };
    },
  });
}

/** Furthest that a standardised value is followed: beyond, the angle of a wave is only rounding, in float32 more than here. */
const furthest = 50;

function wavesOf(
  scaled: Float64Array,
  columns: number,
  { directions, phases }: Pick<Parameters, 'directions' | 'phases'>,
): { values: Float64Array; count: number } {
  const count = phases.length;
  const values = new Float64Array((scaled.length / columns) * count);
  const weights = Float64Array.from(directions);
  for (let row = 0; row < scaled.length / columns; row += 1)
    for (let k = 0; k < count; k += 1) {
      let angle = phases[k]!;
      for (let c = 0; c < columns; c += 1) {
        const value = scaled[row * columns + c]!;
        angle += weights[k * columns + c]! * Math.min(Math.max(value, -furthest), furthest);
      }
      values[row * count + k] = Math.cos(angle);
    }
  return { values, count };
}

function solve(
  { values, count }: { values: Float64Array; count: number },
  options: OneClassSvmOptions,
  random: Random,
): number[] {
  const rows = values.length / count;
  const weights = new Float64Array(count);
  const mean = new Float64Array(count);
  let offset = 0;
  const steps = rows * options.passes;
  for (let step = 1; step <= steps; step += 1) {
    const at = random.integer(rows) * count;
    const rate = 1 / Math.sqrt(step);
    let sum = 0;
    for (let k = 0; k < count; k += 1) sum += weights[k]! * values[at + k]!;
    const inside = sum >= offset;
    // of |w|^2/2 - offset + max(0, offset - w.x)/nu
    offset += rate * (1 - (inside ? 0 : 1 / options.nu)) * 0.1;
    for (let k = 0; k < count; k += 1) {
      const pull = inside ? 0 : values[at + k]! / (options.nu * count);
      weights[k] = weights[k]! * (1 - rate * 0.1) + rate * pull;
      if (step * 2 > steps) mean[k]! += (weights[k]! * 2) / steps;
    }
  }
  return [...mean];
}

function projections(
  { values, count }: { values: Float64Array; count: number },
  weights: readonly number[],
): Float64Array {
  return Float64Array.from({ length: values.length / count }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < count; k += 1) sum += weights[k]! * values[row * count + k]!;
    return sum;
  });
}
