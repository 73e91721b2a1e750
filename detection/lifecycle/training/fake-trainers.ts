import { z } from 'zod';
import type { Classifier, ClassifierTrainer, Detector, ModelCard, Trainer } from '../../models/contracts.ts';
import { explanationBy } from '../../models/explained-score.ts';
import { type Matrix, rowOf, takeRows } from '../../models/matrix.ts';
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
  const distance = (value: number, column: number): number =>
    Math.min(20, Math.abs(value - centre[column]!) / spread[column]!) / centre.length;
  return {
    card,
    score: (rows) =>
      Float64Array.from({ length: rows.rows }, (_, r) => {
        let total = 0;
        for (let c = 0; c < rows.columns; c += 1) total += distance(rows.values[r * rows.columns + c]!, c);
        return 1 - Math.exp(-total);
      }),
    outOfDistribution: (rows) => new Uint8Array(rows.rows),
    explain: (row) =>
      explanationBy(card.features, row, {
        shares: Array.from(row, distance),
        expected: 0,
        scale: 'evidence',
        exact: true,
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
  const distance = (row: ArrayLike<number>, mean: readonly number[], column: number): number => {
    const value = row[column]!;
    return Number.isFinite(value) ? Math.min(10, Math.abs(value - mean[column]!) / spread[column]!) / spread.length : 0;
  };
  const probabilitiesOf = (row: ArrayLike<number>): number[] => {
    const weights = means.map((mean) =>
      Math.exp(-spread.reduce((apart, _, column) => apart + distance(row, mean, column), 0)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  };
  return {
    card,
    classes,
    probabilities: (rows) => ({
      rows: rows.rows,
      columns: classes.length,
      values: Float64Array.from(Array.from({ length: rows.rows }, (_, r) => probabilitiesOf(rowOf(rows, r))).flat()),
    }),
    /** Log-odds of the second class against the first. */
    explain: (row) =>
      explanationBy(card.features, row, {
        shares: spread.map((_, column) => distance(row, means[0]!, column) - distance(row, means[1]!, column)),
        expected: 0,
        scale: 'log-odds',
        exact: true,
      }),
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
