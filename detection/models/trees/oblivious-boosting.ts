import type { Random } from '../../../infra/runtime/random.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { ClassifierTrainer, LabelledRows } from '../contracts.ts';
import { cutColumns } from './bin-columns.ts';
import { boostedClassifierOf, loadBoostedClassifier } from './boosted-classifier.ts';
import { classWeightsOf, labelledRowsOf, type ClassWeights } from './class-weights.ts';
import { leafOfRows, levelSplit, obliviousTree, type Question } from './grow-oblivious-tree.ts';
import { namesOf } from './model-card-json.ts';
import { binsOf } from './random-forest.ts';
import { ensembleOf, type GrownTree, type TreeEnsemble } from './tree-ensemble.ts';

export interface ObliviousBoostingOptions {
  trees: number;
  depth: number;
  learningRate: number;
  lambda: number;
  columnSampling: number;
  classWeights: ClassWeights;
  features: readonly string[];
}

/**
 * The challenger: oblivious trees (one question a level) with ordered boosting (Prokhorenkova et al., "CatBoost", NeurIPS 2018): the gradient of a row comes
 * of a model fitted only on rows before it in a random order, so that no row is scored by what it taught. As there, models are kept for
 * prefixes of doubling length. Two classes; INPUT_INVALID for more. Missing values count as the largest.
 */
export function createObliviousBoostingTrainer(): ClassifierTrainer<ObliviousBoostingOptions> {
  const method = 'oblivious-boosting';
  return {
    method,
    fit: (data, given, random) => {
      const options: ObliviousBoostingOptions = {
        trees: 100,
        depth: 6,
        learningRate: 0.1,
        lambda: 3,
        columnSampling: 0.8,
        classWeights: 'balanced',
        features: [],
        ...given,
      };
      if (data.classes.length > 2)
        throw new CerebroError(
          'INPUT_INVALID',
          'oblivious boosting takes two classes; use a random forest or gradient boosting for more',
        );
      const ensemble = boostOrdered(data, options, random);
      const { features, ...kept } = options;
      const card = {
        method,
        options: { ...kept },
        features: namesOf(features, data.rows.columns),
        trainedRows: data.rows.rows,
      };
      return boostedClassifierOf(card, data.classes, ensemble);
    },
    load: loadBoostedClassifier,
  };
}

/** Margins of the model fitted on the first `length` rows of the order, for twice as many rows. */
interface Prefix {
  length: number;
  margins: Float64Array;
}

function boostOrdered(data: LabelledRows, options: ObliviousBoostingOptions, random: Random): TreeEnsemble {
  const { rows, labels, weights } = labelledRowsOf(data);
  const ofClass = classWeightsOf({ labels, weights, classes: 2 }, options.classWeights);
  // everything below works in the random order: row r of it is row order[r] of the data
  const order = Int32Array.from(random.shuffle(Array.from({ length: rows.rows }, (_, row) => row)));
  const own = {
    labels: order.map((row) => labels[row]!),
    weights: Float64Array.from(order, (row) => weights[row]! * ofClass[labels[row]!]!),
  };
  const cuts = cutColumns(rows);
  const bins = inOrder(binsOf(cuts, rows), order);
  const base = logOdds(own);
  const prefixes: Prefix[] = [];
  for (let length = 1; length < rows.rows; length *= 2)
    prefixes.push({ length, margins: new Float64Array(Math.min(rows.rows, length * 2)).fill(base) });
  const whole: Prefix = { length: rows.rows, margins: new Float64Array(rows.rows).fill(base) };
  const ordered = { gradient: new Float64Array(rows.rows), hessian: new Float64Array(rows.rows) };
  const trees: GrownTree[] = [];
  for (let round = 0; round < options.trees; round += 1) {
    for (const { length, margins } of [{ length: 0, margins: new Float64Array(1).fill(base) }, ...prefixes])
      for (let row = length; row < margins.length; row += 1)
        setGradient(ordered, row, { ...own, margin: margins[row]! });
    const leaves = new Int32Array(rows.rows);
    const questions: Question[] = [];
    const columns = random.shuffle(Array.from({ length: rows.columns }, (_, column) => column));
    const tried = columns
      .slice(0, Math.max(1, Math.round(rows.columns * options.columnSampling)))
      .sort((a, b) => a - b);
    for (let level = 0; level < options.depth; level += 1) {
      const question = levelSplit(
        { bins, cuts, leaves, ...ordered },
        { columns: tried, level, lambda: options.lambda },
      );
      if (question === undefined) break;
      questions.push(question);
      leafOfRows({ bins, leaves }, question);
    }
    for (const prefix of prefixes) step(prefix, leaves, { ...own, ...options, size: 2 ** questions.length });
    const { values, cover } = step(whole, leaves, { ...own, ...options, size: 2 ** questions.length });
    trees.push(obliviousTree(questions, cuts, { values, cover }));
  }
  return ensembleOf(trees, { columns: rows.columns, base: [base], width: 1 });
}

/** The rows of each column in this order. */
function inOrder(bins: Uint8Array, order: Int32Array): Uint8Array {
  const ordered = new Uint8Array(bins.length);
  for (let first = 0; first < bins.length; first += order.length)
    for (let row = 0; row < order.length; row += 1) ordered[first + row] = bins[first + order[row]!]!;
  return ordered;
}

function logOdds({ labels, weights }: { labels: Int32Array; weights: Float64Array }): number {
  let [positive, total] = [0, 0];
  for (const [row, label] of labels.entries()) {
    positive += label * weights[row]!;
    total += weights[row]!;
  }
  const share = Math.min(Math.max(positive / total, 1e-6), 1 - 1e-6);
  return Math.fround(Math.log(share / (1 - share)));
}

function setGradient(
  into: { gradient: Float64Array; hessian: Float64Array },
  row: number,
  of: { labels: Int32Array; weights: Float64Array; margin: number },
): void {
  const p = 1 / (1 + Math.exp(-of.margin));
  into.gradient[row] = (p - of.labels[row]!) * of.weights[row]!;
  into.hessian[row] = Math.max(p * (1 - p), 1e-16) * of.weights[row]!;
}

/** Newton steps of the leaves by a prefix's own rows, added to all margins it keeps. */
function step(
  { length, margins }: Prefix,
  leaves: Int32Array,
  of: { labels: Int32Array; weights: Float64Array; lambda: number; learningRate: number; size: number },
): { values: Float64Array; cover: Float64Array } {
  const one = { gradient: new Float64Array(length), hessian: new Float64Array(length) };
  const [gradient, hessian, cover] = [new Float64Array(of.size), new Float64Array(of.size), new Float64Array(of.size)];
  for (let row = 0; row < length; row += 1) {
    setGradient(one, row, { labels: of.labels, weights: of.weights, margin: margins[row]! });
    gradient[leaves[row]!]! += one.gradient[row]!;
    hessian[leaves[row]!]! += one.hessian[row]!;
    cover[leaves[row]!]! += 1;
  }
  const values = gradient.map((sum, leaf) => Math.fround((-sum / (hessian[leaf]! + of.lambda)) * of.learningRate));
  for (let row = 0; row < margins.length; row += 1) margins[row]! += values[leaves[row]!]!;
  return { values, cover };
}
