import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Random } from '../../../infra/runtime/random.ts';
import type { Classifier, ClassifierTrainer, ModelCard } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { binValues, blockColumns, copyColumns, cutColumns, type ColumnCuts } from './bin-columns.ts';
import { classWeightsOf, labelledRowsOf, type ClassWeights } from './class-weights.ts';
import { growClassTree } from './grow-class-tree.ts';
import { modelCardJson, namesOf } from './model-card-json.ts';
import { createTreeScorer } from './score-trees.ts';
import { ensembleFromJson, ensembleOf, ensembleToJson, type TreeEnsemble } from './tree-ensemble.ts';
import { explainTrees } from './tree-shap.ts';
import { classifierToOnnx } from './trees-to-onnx.ts';

export interface RandomForestOptions {
  trees: number;
  depth: number;
  /** Rows that a leaf holds at least. */
  leafRows: number;
  /** Columns tried at each split; 0 for the square root of all. */
  columnsTried: number;
  classWeights: ClassWeights;
  features: readonly string[];
}

/**
 * Random forest (Breiman 2001) over any number of classes: bootstrap rows, Gini splits over binned columns, probabilities the mean of the leaves' class
 * shares. For root-cause classes, which are many and have few rows each. Explanations are exact Shapley values of the probability of the likeliest class.
 */
export function createRandomForestTrainer(): ClassifierTrainer<RandomForestOptions> {
  const method = 'random-forest';
  return {
    method,
    fit: (data, given, random) => {
      const options: RandomForestOptions = {
        trees: 100,
        depth: 12,
        leafRows: 1,
        columnsTried: 0,
        classWeights: 'balanced',
        features: [],
        ...given,
      };
      const { rows, labels, weights } = labelledRowsOf(data);
      const classes = data.classes.length;
      const ofClass = classWeightsOf({ labels, weights, classes }, options.classWeights);
      const cuts = cutColumns(rows);
      const bins = binsOf(cuts, rows);
      const columnsTried =
        options.columnsTried > 0 ? options.columnsTried : Math.max(1, Math.round(Math.sqrt(rows.columns)));
      const trees = Array.from({ length: options.trees }, () => {
        const own = bootstrapWeights(rows.rows, random).map(
          (count, row) => count * weights[row]! * ofClass[labels[row]!]!,
        );
        const tree = growClassTree({ bins, cuts, labels, weights: own, classes }, { ...options, columnsTried }, random);
        return { ...tree, value: tree.value.map((share) => share / options.trees) };
      });
      const ensemble = ensembleOf(trees, {
        columns: rows.columns,
        base: Array.from({ length: classes }, () => 0),
        width: classes,
      });
      const { features, ...kept } = options;
      const card = { method, options: { ...kept }, features: namesOf(features, rows.columns), trainedRows: rows.rows };
      return forestOf(card, data.classes, ensemble);
    },
    load: (json) => {
      const parsed = z
        .object({ card: modelCardJson, classes: z.array(z.string()), ensemble: z.unknown() })
        .safeParse(json);
      if (!parsed.success) throw new CerebroError('INPUT_INVALID', `not a random forest: ${parsed.error.message}`);
      return forestOf(parsed.data.card, parsed.data.classes, ensembleFromJson(parsed.data.ensemble));
    },
  };
}

function forestOf(card: ModelCard, classes: readonly string[], ensemble: TreeEnsemble): Classifier {
  const score = createTreeScorer(ensemble);
  return {
    card,
    classes,
    probabilities: (rows) => ({ rows: rows.rows, columns: classes.length, values: score(rows) }),
    explain: (row) => {
      const shares = score({ rows: 1, columns: ensemble.columns, values: Float64Array.from(row) });
      return explainTrees(ensemble, row, {
        features: card.features,
        output: shares.indexOf(Math.max(...shares)),
        scale: 'score',
      });
    },
    toOnnx: () => classifierToOnnx(ensemble, 'shares'),
    toJson: () => ({ card, classes, ensemble: ensembleToJson(ensemble) }),
  };
}

/** Bin codes, column after column. */
export function binsOf(cuts: ColumnCuts, rows: Matrix): Uint8Array {
  const { rows: count, columns } = rows;
  const bins = new Uint8Array(count * columns);
  const block = new Float32Array(count * blockColumns);
  for (let c = 0; c < columns; c += 1) {
    const place = c % blockColumns;
    if (place === 0) copyColumns(rows, { from: c, step: 1 }, block);
    binValues(cuts, c, block.subarray(place * count, (place + 1) * count), bins.subarray(c * count, (c + 1) * count));
  }
  return bins;
}

/** How often each row was drawn in as many draws with replacement. */
function bootstrapWeights(rows: number, random: Random): Float64Array {
  const counts = new Float64Array(rows);
  for (let draw = 0; draw < rows; draw += 1) counts[random.integer(rows)]! += 1;
  return counts;
}
