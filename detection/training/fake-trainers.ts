import { z } from 'zod';
import type { Classifier, ClassifierTrainer, Detector, ModelCard, Trainer } from '../contracts.ts';
import { type Matrix, takeRows } from '../matrix.ts';
import type { TrainingParts } from './training-parts.ts';

/**
 * The smallest honest models behind the contracts, for tests of what is around models: a detector by the mean robust distance from the
 * medians, and a classifier by the distances from the class means.
 */
export function createFakeParts(): TrainingParts {
  return {
    forest: distanceTrainer,
    corrected: {
      method: 'fake-corrected',
      fit: ({ rows, labels }, options, random) =>
        distanceTrainer.fit(
          takeRows(
            rows,
            Array.from(labels, (_, r) => r).filter((r) => labels[r] !== 1),
          ),
          { ...options },
          random,
        ),
      load: (json) => distanceTrainer.load(json),
    },
    champion: centroidTrainer('fake-champion'),
    challenger: centroidTrainer('fake-challenger'),
    causes: centroidTrainer('fake-causes'),
  };
}

const stats = z.object({ card: z.custom<ModelCard>(), centre: z.array(z.number()), spread: z.array(z.number()) });
const centroids = z.object({
  card: z.custom<ModelCard>(),
  classes: z.array(z.string()),
  means: z.array(z.array(z.number())),
  spread: z.array(z.number()),
});

const distanceTrainer: Trainer = {
  method: 'fake-distance',
  fit(rows, options) {
    const { centre, spread } = momentsOf(rows, () => true);
    return distanceDetector({ card: cardOf('fake-distance', rows, options), centre, spread });
  },
  load: (json) => distanceDetector(stats.parse(json)),
};

function distanceDetector({ card, centre, spread }: z.infer<typeof stats>): Detector {
  return {
    card,
    score: (rows) =>
      Float64Array.from({ length: rows.rows }, (_, r) => {
        let total = 0;
        for (let c = 0; c < rows.columns; c += 1)
          total += Math.min(20, Math.abs(rows.values[r * rows.columns + c]! - centre[c]!) / spread[c]!);
        return 1 - Math.exp(-total / rows.columns);
      }),
    toJson: () => ({ card, centre, spread }),
  };
}

function centroidTrainer(method: string): ClassifierTrainer {
  return {
    method,
    fit({ rows, labels, classes }, options) {
      const { spread } = momentsOf(rows, () => true);
      const means = classes.map((_, index) => momentsOf(rows, (r) => labels[r] === index).centre);
      return centroidClassifier({ card: cardOf(method, rows, options), classes: [...classes], means, spread });
    },
    load: (json) => centroidClassifier(centroids.parse(json)),
  };
}

function centroidClassifier({ card, classes, means, spread }: z.infer<typeof centroids>): Classifier {
  return {
    card,
    classes,
    probabilities(rows) {
      const values = new Float64Array(rows.rows * classes.length);
      for (let r = 0; r < rows.rows; r += 1) {
        const weights = means.map((mean) => {
          let apart = 0;
          for (let c = 0; c < rows.columns; c += 1) {
            const value = rows.values[r * rows.columns + c]!;
            if (Number.isFinite(value)) apart += Math.min(10, Math.abs(value - mean[c]!) / spread[c]!);
          }
          return Math.exp(-apart / rows.columns);
        });
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (const [index, weight] of weights.entries()) values[r * classes.length + index] = weight / total;
      }
      return { rows: rows.rows, columns: classes.length, values };
    },
    toJson: () => ({ card, classes, means, spread }),
  };
}

function cardOf(method: string, rows: Matrix, options: Record<string, unknown>): ModelCard {
  const { features, ...kept } = options;
  return { method, options: kept, features: z.array(z.string()).parse(features ?? []), trainedRows: rows.rows };
}

function momentsOf(rows: Matrix, isTaken: (row: number) => boolean): { centre: number[]; spread: number[] } {
  const centre: number[] = [];
  const spread: number[] = [];
  for (let c = 0; c < rows.columns; c += 1) {
    const values: number[] = [];
    for (let r = 0; r < rows.rows; r += 1) {
      const value = rows.values[r * rows.columns + c]!;
      if (isTaken(r) && Number.isFinite(value)) values.push(value);
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    centre.push(mean);
    spread.push(
      Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length)) || 1,
    );
  }
  return { centre, spread };
}
