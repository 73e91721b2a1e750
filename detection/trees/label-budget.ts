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
import { areaUnderRoc } from './ranking.ts';

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
  /** `unsupervised` is reused where it is given: a detector fitted on the same rows. `draft` leaves out the choice of the blend by cross-validation (four times as fast), for models that only choose what to ask next. */
  fit(
    data: PartlyLabelledRows & { unsupervised?: Detector; draft?: boolean },
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
      const whole = withScores(data.rows, scores);
      const classifier = fitClassifier(whole, chosen, random);
      const most = abnormal / (abnormal + options.halfTrust);
      const trust = data.draft === true ? most : trustOf({ labels: data.labels, scores, whole, chosen, most }, random);
      const map = quantileMapOf(positives(classifier, whole));
      return semiOf({ card, unsupervised, classifier, weight: trust, map });
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

interface Chosen {
  rows: Int32Array;
  labels: Int32Array;
  weights: Float64Array;
}

function fitClassifier(whole: Matrix, { rows, labels, weights }: Chosen, random: Random): Classifier {
  const data = { rows: takeRows(whole, rows), labels, weights, classes: ['normal', 'abnormal'] };
  return createGradientBoostingTrainer().fit(
    data,
    { trees: 80, depth: 4, minWeight: 0.5, columnSampling: 0.7 },
    random,
  );
}

/** Folds of the known rows that the weight of the classifier is chosen by. */
const folds = 3;

/**
 * How much the classifier counts: of the shares of `most`, the one whose blend ranks the known abnormal rows best above the known normal ones and above
 * all others, with classifiers that had not seen them; the smaller where two are equal.
 */
function trustOf(
  of: { labels: Int32Array; scores: Float64Array; whole: Matrix; chosen: Chosen; most: number },
  random: Random,
): number {
  const { labels, scores, whole, chosen, most } = of;
  const place = random.integer(folds);
  const foldOf = new Int32Array(labels.length).fill(-1);
  const counts = [place, place];
  for (const [at, row] of chosen.rows.entries()) foldOf[row] = counts[chosen.labels[at]!]!++ % folds;
  const abnormal = counts[1]! - place;
  if (abnormal < 2) return most / 2;
  const learnt = new Float64Array(labels.length);
  for (let fold = 0; fold < folds; fold += 1) {
    const kept = Array.from(chosen.rows.keys()).filter((at) => foldOf[chosen.rows[at]!] !== fold);
    const part = {
      rows: Int32Array.from(kept, (at) => chosen.rows[at]!),
      labels: Int32Array.from(kept, (at) => chosen.labels[at]!),
      weights: Float64Array.from(kept, (at) => chosen.weights[at]!),
    };
    if (!part.labels.includes(1)) continue;
    const own = positives(fitClassifier(whole, part, random), whole);
    const map = quantileMapOf(own);
    for (const [row, score] of own.entries())
      // rows in no fold were seen by none; each classifier says its share of them
      if (foldOf[row] === fold) learnt[row] = positionOf(map, score);
      else if (foldOf[row] === -1) learnt[row]! += positionOf(map, score) / folds;
  }
  const known = Int32Array.from(labels.keys()).filter((row) => labels[row] !== -1);
  // the more of the known are abnormal, the more of the rest must be as well, and the less they stand for normal ones
  const knownShare = Math.min(1, Math.max(0.5, (2 * abnormal) / Math.max(1, known.length)));
  const area = (trust: number): number => {
    const blended = scores.map((score, row) => (1 - trust) * score + trust * learnt[row]!);
    const amongKnown = areaUnderRoc(
      Float64Array.from(known, (row) => blended[row]!),
      Int32Array.from(known, (row) => labels[row]!),
    );
    const amongAll = areaUnderRoc(
      blended,
      labels.map((label) => Math.max(0, label)),
    );
    // the known were asked about because they looked suspicious: among them the old score does worse than it is, among all better
    return Number.isNaN(amongKnown) ? amongAll : knownShare * amongKnown + (1 - knownShare) * amongAll;
  };
  let best = { trust: 0, area: area(0) };
  for (const share of [0.25, 0.5, 0.75, 1]) {
    const trust = share * most;
    const own = area(trust);
    if (own > best.area) best = { trust, area: own };
  }
  return best.trust;
}

function trainingRows(
  { labels, scores }: PartlyLabelledRows & { scores: Float64Array },
  pseudoNormals: number,
  random: Random,
): Chosen {
  const all = Int32Array.from(labels.keys());
  const known = all.filter((row) => labels[row] !== -1);
  const open = all.filter((row) => labels[row] === -1).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const quiet = open.subarray(0, Math.ceil(open.length * 0.7));
  const wanted = Math.min(quiet.length, Math.max(200, known.length * pseudoNormals));
  const assumed = Array.from(drawRows(quiet.length, wanted, random), (at) => quiet[at]!);
  const rows = Int32Array.from([...known, ...assumed]);
  // what is assumed counts in all as much as what is known, and less where much of what is known is abnormal
  const abnormal = known.reduce((sum, row) => sum + labels[row]!, 0) / Math.max(1, known.length);
  const share = (1 - abnormal) ** 2 * Math.min(1, Math.max(0.1, known.length / Math.max(1, assumed.length)));
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
