import { z } from 'zod';
import type { Trainer } from '../contracts.ts';
import { floats } from '../onnx/encode-model.ts';
import { boundedScore, boundedScoreOnnx } from './bounded-score.ts';
import { createOutlierTrainer } from './fitted-detector.ts';
import { nearest, reachOf } from './neighbours.ts';
import { splitDistance } from './split-distance.ts';
import { referenceOnnx } from './reference-onnx.ts';

export interface DbscanOptions {
  /** Rows within the radius, itself included, that make a row a core point. */
  neighbours: number;
  /** Share of training rows that the radius lets be core points, where it is not given (the knee of the k-distance plot, taken as a quantile). */
  coreShare: number;
}

const parametersJson = z.object({ cores: z.array(z.number()), radius: z.number() });
type Parameters = z.infer<typeof parametersJson>;

/**
 * DBSCAN (Ester, Kriegel, Sander & Xu, KDD 1996) as a detector: a row further from every core point than the radius is noise. Score d / (d + radius), so
 * noise is above 1/2. Clusters are not numbered, because the score does not need them. Cost: rows x core points x columns.
 */
export function createDbscanTrainer(): Trainer<DbscanOptions & { features: readonly string[] }> {
  return createOutlierTrainer<DbscanOptions, Parameters>({
    method: 'dbscan',
    defaults: { neighbours: 5, coreShare: 0.9 },
    leastRows: 3,
    mostRows: 2000,
    schema: parametersJson,
    learn: (scaled, { columns, options }) => {
      const references = scaled.map(Math.fround);
      const count = references.length / columns;
      const k = Math.max(1, Math.min(options.neighbours - 1, count - 1));
      const reach = reachOf(nearest(references, references, { columns, k, self: true }), k);
      const radius = Math.max(Float64Array.from(reach).sort()[Math.ceil(count * options.coreShare) - 1]!, 1e-6);
      const cores: number[] = [];
      for (let row = 0; row < count; row += 1)
        if (reach[row]! <= radius) cores.push(...references.subarray(row * columns, (row + 1) * columns));
      return { cores, radius: Math.fround(radius) };
    },
    score: (scaled, columns, { cores, radius }) => {
      const { distances } = nearest(scaled, Float64Array.from(cores), { columns, k: 1 });
      return distances.map((distance) => boundedScore(distance, radius));
    },
    explain: (scaled, columns, { cores, radius }) => {
      const found = nearest(scaled, Float64Array.from(cores), { columns, k: 1 });
      const score = boundedScore(found.distances[0]!, radius);
      return splitDistance(scaled, { references: cores, found, score, relevance: () => 1 });
    },
    onnx: ({ cores, radius }, columns) => {
      const part = referenceOnnx(cores, columns, 1);
      return {
        constants: { ...part.constants, radius: floats([], [radius]) },
        nodes: [...part.nodes, ...boundedScoreOnnx('nearestDistances', 'radius')],
      };
    },
  });
}
