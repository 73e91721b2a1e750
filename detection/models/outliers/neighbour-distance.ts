import { z } from 'zod';
import type { Trainer } from '../contracts.ts';
import { floats } from '../onnx/encode-model.ts';
import { boundedScore, boundedScoreOnnx, halfOf } from './bounded-score.ts';
import { createOutlierTrainer } from './fitted-detector.ts';
import { nearest, reachOf } from './neighbours.ts';
import { splitDistance } from './split-distance.ts';
import { referenceOnnx } from './reference-onnx.ts';

export interface NeighbourDistanceOptions {
  /** Which neighbour, as a share of the sample: a lump of abnormal rows is odd as a whole where it is smaller than this. */
  share: number;
}

const parametersJson = z.object({ references: z.array(z.number()), neighbours: z.int(), half: z.number() });
type Parameters = z.infer<typeof parametersJson>;

/**
 * Distance to the k-th nearest row of a sample of the training rows (Ramaswamy, Rastogi & Shim, SIGMOD 2000), d; score d / (d + half), one half where one
 * training row in a hundred lies. A row is odd for lying far from all others, in whichever direction. Cost: rows x sample x columns.
 */
export function createNeighbourDistanceTrainer(): Trainer<NeighbourDistanceOptions & { features: readonly string[] }> {
  return createOutlierTrainer<NeighbourDistanceOptions, Parameters>({
    method: 'neighbour-distance',
    defaults: { share: 0.05 },
    leastRows: 3,
    mostRows: 2000,
    schema: parametersJson,
    learn: (scaled, { columns, options }) => {
      const references = scaled.map(Math.fround);
      const count = references.length / columns;
      const k = Math.min(Math.max(5, Math.round(count * options.share)), count - 1);
      const half = halfOf(reachOf(nearest(references, references, { columns, k, self: true }), k));
      return { references: [...references], neighbours: k, half: Math.fround(half) };
    },
    score: (scaled, columns, { references, neighbours: k, half }) => {
      const reach = reachOf(nearest(scaled, Float64Array.from(references), { columns, k }), k);
      return reach.map((distance) => boundedScore(distance, half));
    },
    // by all k neighbours: which single one is the k-th is chance
    explain: (scaled, columns, { references, neighbours: k, half }) => {
      const found = nearest(scaled, Float64Array.from(references), { columns, k });
      const score = boundedScore(reachOf(found, k)[0]!, half);
      return splitDistance(scaled, { references, found, score, relevance: (at) => found.distances[at]! });
    },
    onnx: ({ references, neighbours: k, half }, columns) => {
      const part = referenceOnnx(references, columns, k);
      return {
        constants: { ...part.constants, half: floats([], [half]) },
        nodes: [
          ...part.nodes,
          // the furthest of the k: none of them is larger
          { op: 'ReduceMax', inputs: ['nearestDistances', 'lastAxis'], outputs: ['reach'] },
          ...boundedScoreOnnx('reach', 'half'),
        ],
      };
    },
  });
}
