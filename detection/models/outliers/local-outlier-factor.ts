import { z } from 'zod';
import type { Trainer } from '../contracts.ts';
import { boundedScore, boundedScoreOnnx } from './bounded-score.ts';
import { createOutlierTrainer } from './fitted-detector.ts';
import { nearest, reachOf } from './neighbours.ts';
import { splitDistance } from './split-distance.ts';
import { referenceOnnx } from './reference-onnx.ts';
import { floats } from '../onnx/encode-model.ts';

export interface LocalOutlierFactorOptions {
  neighbours: number;
}

const parametersJson = z.object({
  references: z.array(z.number()),
  /** Distance of each reference to its k-th neighbour, and its local reachability density. */
  reach: z.array(z.number()),
  density: z.array(z.number()),
  neighbours: z.int(),
});
type Parameters = z.infer<typeof parametersJson>;

/**
 * Local outlier factor (Breunig, Kriegel, Ng & Sander, SIGMOD 2000) of a row against a sample of the training rows: mean density of its neighbours over
 * its own, f; score f / (1 + f), so that 1/2 is as dense as around. Finds what is odd only for its neighbourhood. Cost: rows x sample x columns.
 */
export function createLocalOutlierFactorTrainer(): Trainer<
  LocalOutlierFactorOptions & { features: readonly string[] }
> {
  return createOutlierTrainer<LocalOutlierFactorOptions, Parameters>({
    method: 'local-outlier-factor',
    defaults: { neighbours: 20 },
    leastRows: 3,
    mostRows: 2000,
    schema: parametersJson,
    learn: (scaled, { columns, options }) => {
      const references = scaled.map(Math.fround);
      const k = Math.min(options.neighbours, references.length / columns - 1);
      const found = nearest(references, references, { columns, k, self: true });
      const reach = Array.from(reachOf(found, k), Math.fround);
      const density = reach.map((_, row) => Math.fround(densityOf({ ...found, reach, k }, row)));
      return { references: [...references], reach, density, neighbours: k };
    },
    score: (scaled, columns, { references, reach, density, neighbours: k }) => {
      const found = nearest(scaled, Float64Array.from(references), { columns, k });
      return Float64Array.from({ length: scaled.length / columns }, (_, row) =>
        scoreOf({ ...found, reach, density, k }, row),
      );
    },
    // its own density is one over the mean of the distances reached: they are what it is odd by
    explain: (scaled, columns, { references, reach, density, neighbours: k }) => {
      const found = nearest(scaled, Float64Array.from(references), { columns, k });
      const score = scoreOf({ ...found, reach, density, k }, 0);
      const relevance = (at: number): number => Math.max(found.distances[at]!, reach[found.indices[at]!]!);
      return splitDistance(scaled, { references, found, score, relevance });
    },
    onnx: ({ references, reach, density, neighbours: k }, columns) => {
      const part = referenceOnnx(references, columns, k);
      return {
        constants: {
          ...part.constants,
          reach: floats([reach.length], reach),
          density: floats([density.length], density),
          tiny: floats([], [leastReach]),
          one: floats([], [1]),
        },
        nodes: [
          ...part.nodes,
          { op: 'Gather', inputs: ['reach', 'nearestIndices'], outputs: ['reachAround'] },
          { op: 'Gather', inputs: ['density', 'nearestIndices'], outputs: ['densityAround'] },
          { op: 'Max', inputs: ['nearestDistances', 'reachAround'], outputs: ['reached'] },
          { op: 'ReduceMean', inputs: ['reached', 'lastAxis'], outputs: ['meanReach'] },
          { op: 'Max', inputs: ['meanReach', 'tiny'], outputs: ['ownReach'] },
          { op: 'ReduceMean', inputs: ['densityAround', 'lastAxis'], outputs: ['around'] },
          { op: 'Mul', inputs: ['around', 'ownReach'], outputs: ['factor'] },
          ...boundedScoreOnnx('factor', 'one'),
        ],
      };
    },
  });
}

/** Rows that are all alike have no distance between them; they count as this near, in standard deviations. */
const leastReach = 1e-6;

function scoreOf(
  of: { distances: Float64Array; indices: Int32Array; reach: readonly number[]; density: readonly number[]; k: number },
  row: number,
): number {
  let around = 0;
  for (let at = row * of.k; at < (row + 1) * of.k; at += 1) around += of.density[of.indices[at]!]! / of.k;
  return boundedScore(around / densityOf(of, row), 1);
}

function densityOf(
  of: { distances: Float64Array; indices: Int32Array; reach: readonly number[]; k: number },
  row: number,
): number {
  let sum = 0;
  for (let at = row * of.k; at < (row + 1) * of.k; at += 1)
    sum += Math.max(of.distances[at]!, of.reach[of.indices[at]!]!);
  return 1 / Math.max(sum / of.k, leastReach);
}
