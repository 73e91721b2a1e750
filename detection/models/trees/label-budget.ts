import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Random } from '../../../infra/runtime/random.ts';
import type { Classifier, Detector, ModelCard } from '../contracts.ts';
import { takeRows, type Matrix } from '../matrix.ts';
import type { OnnxPart } from '../onnx/encode-model.ts';
import { detectorFile } from '../onnx/graph-part.ts';
import { createOutlierBlendTrainer } from '../outliers/outlier-blend.ts';
import { positionsBy, quantileMapOf, type QuantileMap } from '../outliers/quantile-map.ts';
import { drawRows } from '../outliers/training-rows.ts';
import { createGradientBoostingTrainer } from './boosted-classifier.ts';
import { chooseTrust } from './choose-trust.ts';
import { corrected } from './corrected-score.ts';
import { explainCorrected } from './explain-corrected.ts';
import { correctedOnnx } from './corrected-onnx.ts';
import { modelCardJson } from './model-card-json.ts';

/** Rows of which some are labelled: 1 abnormal, 0 normal, -1 not known. */
export interface PartlyLabelledRows {
  rows: Matrix;
  labels: Int32Array;
}

export interface SemiSupervisedOptions {
  /** Labelled abnormal rows at which the classifier may count half of what it may count at most. */
  halfTrust: number;
  /** Rows not labelled that are taken as normal, for each labelled one, drawn from the less suspicious half. */
  pseudoNormals: number;
  features: readonly string[];
}

export interface SemiSupervisedTrainer {
  readonly method: string;
  /** `unsupervised` is reused where it is given: a detector fitted on the same rows. `draft` leaves out the choice of the weight by cross-validation (several times as fast) and trusts the labels at once, for models that only choose what to ask next. */
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
 * and on unsuspicious ones taken as normal. It counts as far as labelled rows that it had not seen speak for it (`chooseTrust`), and the less the fewer are abnormal; where
 * they do not, the model is the unsupervised blend. By label budget over ADBench: `npx --no cerebro eval adbench --data <dir>`.
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
      const most = (mostTrust * abnormal) / (abnormal + options.halfTrust);
      // what only chooses the next question may follow a first hint: it costs a label, not an answer
      const trust =
        data.draft === true ? abnormal / (abnormal + 1) : trustOf({ ...data, scores, whole, chosen, most }, random);
      if (trust === 0) return semiOf({ card, unsupervised, weight: 0, map: [] });
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
  const placed = positionsBy(map);
  const part = (): OnnxPart =>
    classifier === undefined
      ? unsupervised.onnxPart!()
      : correctedOnnx({ unsupervised: unsupervised.onnxPart!(), classifier: classifier.onnxPart!(), map, weight });
  return {
    card,
    score: (rows) => {
      const scores = unsupervised.score(rows);
      if (classifier === undefined) return scores;
      return corrected(scores, positives(classifier, withScores(rows, scores)).map(placed), weight);
    },
    outOfDistribution: (rows) => unsupervised.outOfDistribution(rows),
    explain: (row) => {
      if (classifier === undefined) return unsupervised.explain(row);
      const rows = { rows: 1, columns: row.length, values: Float64Array.from(row) };
      const seen = withScores(rows, unsupervised.score(rows)).values;
      const learnt = classifier.explain(seen);
      return explainCorrected({
        row,
        features: card.features,
        unsupervised: unsupervised.explain(row),
        learnt: { told: learnt, names: classifier.card.features, placed },
        weight,
      });
    },
    toOnnx: () => detectorFile(part(), { name: card.method, columns: card.features.length }),
    onnxPart: part,
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

/** Largest weight of the classifier, however much is labelled: what nobody has labelled yet is for the unsupervised score to find. */
const mostTrust = 0.9;
/** Fewer abnormal rows prove nothing about classifiers that were fitted without some of them. */
const leastAbnormal = 3;

function trustOf(
  of: { labels: Int32Array; scores: Float64Array; whole: Matrix; chosen: Chosen; most: number },
  random: Random,
): number {
  const abnormal = of.chosen.labels.reduce((sum, label) => sum + label, 0);
  return abnormal < leastAbnormal ? 0 : chooseTrust({ ...of, learnt: outOfFold(of.whole, of.chosen, random) });
}

/** Classifiers that are fitted without a part of the rows, at most. */
const mostFolds = 6;

/** Position of each row by classifiers that were fitted without it: the one of its fold, or the mean of all for rows that none was fitted on. */
function outOfFold(whole: Matrix, chosen: Chosen, random: Random): Float64Array {
  const abnormal = chosen.labels.reduce((sum, label) => sum + label, 0);
  const folds = Math.max(2, Math.min(mostFolds, abnormal));
  const foldOf = new Int32Array(whole.rows).fill(-1);
  const counts = [0, 0];
  for (const at of random.shuffle(Array.from(chosen.rows.keys())))
    foldOf[chosen.rows[at]!] = counts[chosen.labels[at]!]!++ % folds;
  const learnt = new Float64Array(whole.rows);
  for (let fold = 0; fold < folds; fold += 1) {
    const kept = Array.from(chosen.rows.keys()).filter((at) => foldOf[chosen.rows[at]!] !== fold);
    const part = {
      rows: Int32Array.from(kept, (at) => chosen.rows[at]!),
      labels: Int32Array.from(kept, (at) => chosen.labels[at]!),
      weights: Float64Array.from(kept, (at) => chosen.weights[at]!),
    };
    const own = positives(fitClassifier(whole, part, random), whole);
    for (const [row, position] of own.map(positionsBy(quantileMapOf(own))).entries())
      if (foldOf[row] === fold) learnt[row] = position;
      else if (foldOf[row] === -1) learnt[row]! += position / folds;
  }
  return learnt;
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
