import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Random } from '../../infra/runtime/random.ts';
import type { Classifier, Detector, ModelCard } from '../contracts.ts';
import { takeRows, type Matrix } from '../matrix.ts';
import { createOutlierBlendTrainer } from '../outliers/outlier-blend.ts';
import { positionOf, quantileMapOf, type QuantileMap } from '../outliers/quantile-map.ts';
import { drawRows } from '../outliers/training-rows.ts';
import { createGradientBoostingTrainer } from './boosted-classifier.ts';
import { modelCardJson } from './model-card-json.ts';

/** Rows of which some are labelled: 1 abnormal, 0 normal, -1 not known. */
export interface PartlyLabelledRows {
  rows: Matrix;
  labels: Int32Array;
}

export interface SemiSupervisedOptions {
  /** Labelled abnormal rows at which the classifier counts as much as the unsupervised score. */
  halfTrust: number;
  /** Rows not labelled that are taken as normal, for each labelled one, drawn from the less suspicious half. */
  pseudoNormals: number;
  features: readonly string[];
}

export interface SemiSupervisedTrainer {
  readonly method: string;
  /** `unsupervised` is reused where it is given: a detector fitted on the same rows. */
  fit(
    data: PartlyLabelledRows & { unsupervised?: Detector },
    options: Partial<SemiSupervisedOptions>,
    random: Random,
  ): Detector;
  load(json: unknown): Detector;
}

const defaults: SemiSupervisedOptions = { halfTrust: 4, pseudoNormals: 2, features: [] };
const semiJson = z.object({
  card: modelCardJson,
  unsupervised: z.unknown(),
  classifier: z.unknown(),
  weight: z.number(),
  map: z.array(z.number()),
});

/**
 * An unsupervised score that labels correct, as far as there are any: gradient boosting over the columns and the unsupervised score, on the labelled rows
 * and on unsuspicious ones taken as normal, blended with the unsupervised score by the number of abnormal labels. Without an abnormal label it is the
 * unsupervised blend. By label budget over ADBench: `npx --no cerebro eval adbench --data <dir>`.
 */
export function createSemiSupervisedTrainer(): SemiSupervisedTrainer {
  const method = 'semi-supervised';
  return {
    method,
    fit: (data, given, random) => {
      const options = { ...defaults, ...given };
      if (data.labels.length !== data.rows.rows)
        throw new CerebroError('INPUT_INVALID', `${data.rows.rows} rows have ${data.labels.length} labels`);
      const unsupervised =
        data.unsupervised ?? createOutlierBlendTrainer().fit(data.rows, { features: options.features }, random);
      const card = { ...unsupervised.card, method, options: { ...options } };
      const abnormal = data.labels.reduce((count, label) => count + (label === 1 ? 1 : 0), 0);
      if (abnormal === 0) return semiOf({ card, unsupervised, weight: 0, map: [] });
      const scores = unsupervised.score(data.rows);
      const chosen = trainingRows({ ...data, scores }, options.pseudoNormals, random);
      const classifier = createGradientBoostingTrainer().fit(
        {
          rows: withScores(
            takeRows(data.rows, chosen.rows),
            Float64Array.from(chosen.rows, (row) => scores[row]!),
          ),
          labels: chosen.labels,
          classes: ['normal', 'abnormal'],
          weights: chosen.weights,
        },
        { trees: 80, depth: 4, minWeight: 0.5, columnSampling: 0.7 },
        random,
      );
      const map = quantileMapOf(positives(classifier, withScores(data.rows, scores)));
      return semiOf({ card, unsupervised, classifier, weight: abnormal / (abnormal + options.halfTrust), map });
    },
    load: (json) => {
      const parsed = semiJson.safeParse(json);
      if (!parsed.success)
        throw new CerebroError('INPUT_INVALID', `not a semi-supervised model: ${parsed.error.message}`);
      const { card, weight, map } = parsed.data;
      const unsupervised = createOutlierBlendTrainer().load(parsed.data.unsupervised);
      const classifier =
        parsed.data.classifier === null
          ? {}
          : { classifier: createGradientBoostingTrainer().load(parsed.data.classifier) };
      return semiOf({ card, unsupervised, weight, map, ...classifier });
    },
  };
}

interface Parts {
  card: ModelCard;
  unsupervised: Detector;
  classifier?: Classifier;
  weight: number;
  map: QuantileMap;
}

function semiOf({ card, unsupervised, classifier, weight, map }: Parts): Detector {
  return {
    card,
    score: (rows) => {
      const scores = unsupervised.score(rows);
      if (classifier === undefined) return scores;
      const learnt = positives(classifier, withScores(rows, scores));
      return scores.map((score, row) => (1 - weight) * score + weight * positionOf(map, learnt[row]!));
    },
    outOfDistribution: (rows) => unsupervised.outOfDistribution!(rows),
    toJson: () => ({
      card,
      unsupervised: unsupervised.toJson(),
      classifier: classifier?.toJson() ?? null,
      weight,
      map,
    }),
  };
}

/** What a review asks: rows, and who knows their labels. */
export interface ReviewTask {
  rows: Matrix;
  /** Rows that may be asked about in all. */
  budget: number;
  /** Labels of rows, 1 abnormal, 0 normal, in the order asked. */
  ask(rows: Int32Array): Int32Array;
}

/**
 * Spends a label budget in a few rounds: each asks about the most suspicious rows not yet known, the most uncertain ones and a few at random (so that
 * what nobody suspects is found as well), then trains anew. Returns the last model.
 */
export function learnByReview(
  task: ReviewTask,
  options: Partial<SemiSupervisedOptions>,
  random: Random,
): { detector: Detector; labels: Int32Array } {
  const trainer = createSemiSupervisedTrainer();
  const unsupervised = createOutlierBlendTrainer().fit(task.rows, { features: options.features ?? [] }, random);
  const labels = new Int32Array(task.rows.rows).fill(-1);
  let detector = trainer.fit({ rows: task.rows, labels, unsupervised }, options, random);
  const rounds = Math.min(4, task.budget);
  for (let round = 0, asked = 0; round < rounds; round += 1) {
    const count = Math.round(((round + 1) * task.budget) / rounds) - asked;
    const rows = selectForReview({ scores: detector.score(task.rows), labels, count }, random);
    for (const [at, label] of task.ask(rows).entries()) labels[rows[at]!] = label;
    asked += rows.length;
    detector = trainer.fit({ rows: task.rows, labels, unsupervised }, options, random);
  }
  return { detector, labels };
}

/** Rows to ask about next: half the most suspicious, a quarter around the score that the known labels part at, a quarter at random. */
export function selectForReview(
  of: { scores: Float64Array; labels: Int32Array; count: number },
  random: Random,
): Int32Array {
  const { scores, labels, count } = of;
  const open = Int32Array.from(labels.keys()).filter((row) => labels[row] === -1);
  const chosen = new Set<number>();
  const take = (rows: Iterable<number>, until: number): void => {
    for (const row of rows) {
      if (chosen.size >= Math.min(until, open.length)) return;
      chosen.add(row);
    }
  };
  const bySuspicion = open.toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  take(bySuspicion, Math.ceil(count / 2));
  const border = borderOf(scores, labels);
  if (border !== undefined)
    take(
      open.toSorted((a, b) => Math.abs(scores[a]! - border) - Math.abs(scores[b]! - border) || a - b),
      Math.ceil((3 * count) / 4),
    );
  take(
    Array.from(drawRows(open.length, Math.min(open.length, count * 2), random), (at) => open[at]!),
    count,
  );
  take(bySuspicion, count);
  return Int32Array.from(chosen).sort();
}

/** Half-way between the mean scores of known abnormal and known normal rows; undefined until both are known. */
function borderOf(scores: Float64Array, labels: Int32Array): number | undefined {
  const sums = [0, 0];
  const counts = [0, 0];
  for (const [row, label] of labels.entries()) {
    if (label === -1) continue;
    sums[label]! += scores[row]!;
    counts[label]! += 1;
  }
  return counts.includes(0) ? undefined : (sums[0]! / counts[0]! + sums[1]! / counts[1]!) / 2;
}

function trainingRows(
  { labels, scores }: PartlyLabelledRows & { scores: Float64Array },
  pseudoNormals: number,
  random: Random,
): { rows: Int32Array; labels: Int32Array; weights: Float64Array } {
  const all = Int32Array.from(labels.keys());
  const known = all.filter((row) => labels[row] !== -1);
  const open = all.filter((row) => labels[row] === -1).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const quiet = open.subarray(0, Math.ceil(open.length * 0.7));
  const wanted = Math.min(quiet.length, Math.max(200, known.length * pseudoNormals));
  const assumed = Array.from(drawRows(quiet.length, wanted, random), (at) => quiet[at]!);
  const rows = Int32Array.from([...known, ...assumed]);
  // what is assumed counts in all as much as what is known
  const share = Math.min(1, Math.max(0.1, known.length / Math.max(1, assumed.length)));
  return {
    rows,
    labels: Int32Array.from(rows, (row) => Math.max(0, labels[row]!)),
    weights: Float64Array.from(rows, (row) => (labels[row] === -1 ? share : 1)),
  };
}

/** The rows with their unsupervised score as one column more. */
function withScores(rows: Matrix, scores: Float64Array): Matrix {
  const columns = rows.columns + 1;
  const values = new Float32Array(rows.rows * columns);
  for (let row = 0; row < rows.rows; row += 1) {
    for (let column = 0; column < rows.columns; column += 1)
      values[row * columns + column] = rows.values[row * rows.columns + column]!;
    values[row * columns + rows.columns] = scores[row]!;
  }
  return { rows: rows.rows, columns, values };
}

function positives(classifier: Classifier, rows: Matrix): Float64Array {
  const { values } = classifier.probabilities(rows);
  return Float64Array.from({ length: rows.rows }, (_, row) => values[row * 2 + 1]!);
}
