import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Random } from '../../../infra/runtime/random.ts';
import type { Detector, ModelCard, OnnxModel, Trainer } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { floats } from '../onnx/encode-model.ts';
import { fileOf } from '../onnx/graph-part.ts';
import { storedRowsOf, takeStored, type StoredRows } from '../stored-rows.ts';
import { modelCardJson, namesOf } from '../trees/model-card-json.ts';
import { createTreeScorer } from '../trees/score-trees.ts';
import {
  ensembleFromJson,
  ensembleOf,
  ensembleToJson,
  type GrownTree,
  type TreeEnsemble,
} from '../trees/tree-ensemble.ts';
import { explainTrees } from '../trees/tree-shap.ts';
import { treesToOnnx, wideTreesToOnnx } from '../trees/trees-to-onnx.ts';
import { outsideRanges, rangesJson, rangesOf, rangesOfStored, type Ranges } from './range-guard.ts';
import { drawRows, drawVarying, requireRows } from './training-rows.ts';

export interface IsolationForestOptions {
  trees: number;
  /** Rows that each tree sees. */
  sampleSize: number;
  features: readonly string[];
}

const method = 'isolation-forest';

/**
 * Isolation forest (Liu, Ting & Zhou, ICDM 2008): score 2^(-E[h] / c(n)), h the path length in trees of random splits. A missing value goes
 * left. Explanations are exact Shapley values of log2 of the score.
 * Mean AUROC over the public part of ADBench: `npx --no cerebro eval adbench --data <dir>`; time against scikit-learn: `npm run bench:peers`.
 */
export function createIsolationForestTrainer(): Trainer<IsolationForestOptions> {
  return {
    method,
    fit: (rows, options, random) => fitForest(storedRowsOf(rows), () => rangesOf(rows), { options, random }),
    fitStored: (rows, options, random) => fitForest(rows, () => rangesOfStored(rows), { options, random }),
    load: (json) => {
      const parsed = z.object({ card: modelCardJson, ensemble: z.unknown(), ranges: rangesJson }).safeParse(json);
      if (!parsed.success) throw new CerebroError('INPUT_INVALID', `not an isolation forest: ${parsed.error.message}`);
      return isolationForestOf(parsed.data.card, ensembleFromJson(parsed.data.ensemble), parsed.data.ranges);
    },
  };
}

function fitForest(
  stored: StoredRows,
  ranges: () => Ranges,
  { options: given, random }: { options: Partial<IsolationForestOptions>; random: Random },
): Detector {
  const options: IsolationForestOptions = { trees: 100, sampleSize: 256, features: [], ...given };
  requireRows(stored, 2);
  const size = Math.min(options.sampleSize, stored.rows);
  const trees = Array.from({ length: options.trees }, () =>
    growIsolationTree(takeStored(stored, drawRows(stored.rows, size, random)), random),
  );
  // each tree gives its share of -E[h] / c(n), so that the sum is the exponent
  for (const tree of trees) tree.value = tree.value.map((length) => -length / (options.trees * averagePath(size)));
  const ensemble = ensembleOf(trees, { columns: stored.columns, base: [0], width: 1 });
  const { features, ...kept } = options;
  const card = { method, options: { ...kept }, features: namesOf(features, stored.columns), trainedRows: stored.rows };
  return isolationForestOf(card, ensemble, ranges());
}

/** Mean path length of an unsuccessful search among n rows: what an unsplit leaf of n rows still adds. */
export function averagePath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

function isolationForestOf(card: ModelCard, ensemble: TreeEnsemble, ranges: Ranges): Detector {
  const exponents = createTreeScorer(ensemble);
  return {
    card,
    score: (rows) => {
      const scores = exponents(rows);
      for (let row = 0; row < scores.length; row += 1) scores[row] = 2 ** scores[row]!;
      return scores;
    },
    outOfDistribution: (rows) => outsideRanges(ranges, rows),
    explain: (row) => explainTrees(ensemble, row, { features: card.features, output: 0, scale: 'log2' }),
    toOnnx: () => forestToOnnx(ensemble),
    onnxPart: () => {
      const { nodes, constants } = wideTreesToOnnx(ensemble);
      return {
        nodes: [...nodes, { op: 'Pow', inputs: ['two', 'sums'], outputs: ['scores'] }],
        constants: { ...constants, two: { element: 'double', dims: [], values: [2] } },
      };
    },
    toJson: () => ({ card, ensemble: ensembleToJson(ensemble), ranges }),
  };
}

function forestToOnnx(ensemble: TreeEnsemble): OnnxModel {
  const { nodes, constants } = treesToOnnx(ensemble, 'exponents');
  nodes.push({ op: 'Pow', inputs: ['two', 'exponents'], outputs: ['scores'] });
  const part = { nodes, constants: { ...constants, two: floats([], [2]) } };
  return fileOf(part, { name: method, input: [ensemble.columns], output: 'scores', outputs: [1] });
}

/** Over all of these rows, at most a few hundred. */
function growIsolationTree(rows: Matrix, random: Random): GrownTree {
  const tree: GrownTree = {
    output: 0,
    feature: [-1],
    threshold: [0],
    left: [0],
    missingLeft: [1],
    sets: [null],
    value: [0],
    cover: [0],
  };
  const deepest = Math.ceil(Math.log2(rows.rows));
  const open = [{ node: 0, rows: Int32Array.from({ length: rows.rows }, (_, row) => row), depth: 0 }];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { node, depth } = next;
    tree.cover[node] = next.rows.length;
    const split = depth < deepest && next.rows.length > 1 ? drawSplit(rows, next.rows, random) : undefined;
    if (split === undefined) {
      tree.value[node] = depth + averagePath(next.rows.length);
      continue;
    }
    tree.feature[node] = split.column;
    tree.threshold[node] = split.threshold;
    tree.left[node] = tree.feature.length;
    for (const goes of [true, false]) {
      const child = tree.feature.push(-1) - 1;
      tree.threshold.push(0);
      tree.left.push(0);
      tree.missingLeft.push(1);
      tree.sets.push(null);
      tree.value.push(0);
      tree.cover.push(0);
      const own = next.rows.filter((row) => !(valueAt(rows, row, split.column) > split.threshold) === goes);
      open.push({ node: child, rows: own, depth: depth + 1 });
    }
  }
  return tree;
}

/** A column that varies among the rows, drawn evenly, and a threshold within its range; undefined where none varies. */
function drawSplit(
  rows: Matrix,
  sample: Int32Array,
  random: Random,
): { column: number; threshold: number } | undefined {
  for (const { column, low, high } of drawVarying(rows, sample, random)) {
    if (!Number.isFinite(high - low)) continue;
    const threshold = Math.fround(low + random.next() * (high - low));
    return { column, threshold: threshold < high ? threshold : low };
  }
  return undefined;
}

function valueAt({ values, columns }: Matrix, row: number, column: number): number {
  return values[row * columns + column]!;
}
