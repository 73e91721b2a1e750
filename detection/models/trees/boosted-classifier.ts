import { z } from 'zod';
import type { Random } from '../../../infra/runtime/random.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Classifier, ClassifierTrainer, LabelledRows, ModelCard } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { boost, boostingDefaults, type BoostingOptions } from './boost.ts';
import { classWeightsOf, labelledRowsOf, type ClassWeights } from './class-weights.ts';
import { modelCardJson, namesOf } from './model-card-json.ts';
import { createLogisticObjective, createSoftmaxObjective, softmaxRows, type Objective } from './objectives.ts';
import { createTreeScorer } from './score-trees.ts';
import { ensembleFromJson, ensembleToJson, type TreeEnsemble } from './tree-ensemble.ts';
import { explainTrees } from './tree-shap.ts';
import { classifierToOnnx, probabilitiesToOnnx } from './trees-to-onnx.ts';

export interface BoostedClassifierOptions extends BoostingOptions {
  /** `balanced` weighs the positive class by negatives / positives (two classes) or each by rows / (classes x its rows); or a weight for each class. */
  classWeights: ClassWeights;
  /** Names of the columns, for the card and the explanations; f0, f1, ... where absent. */
  features: readonly string[];
}

/**
 * The champion: gradient boosted histogram trees, binary logistic or softmax. Explanations are exact Shapley values of the log-odds (of
 * the likeliest class where there are more than two).
 */
export function createGradientBoostingTrainer(): ClassifierTrainer<BoostedClassifierOptions> {
  const method = 'gradient-boosting';
  return {
    method,
    fit: (data, options, random) =>
      fitClassifier(
        data,
        { ...boostingDefaults, classWeights: 'balanced', features: [], ...options },
        { method, random },
      ),
    load: loadBoostedClassifier,
  };
}

function fitClassifier(
  data: LabelledRows,
  options: BoostedClassifierOptions,
  { method, random }: { method: string; random: Random },
): Classifier {
  const { rows, labels, weights, validation } = labelledRowsOf(data);
  const classWeights = classWeightsOf({ labels, weights, classes: data.classes.length }, options.classWeights);
  const objectiveOf = (of: Int32Array, own?: Float64Array): Objective => {
    const rowWeights = Float64Array.from(of, (label, row) => classWeights[label]! * (own?.[row] ?? 1));
    return data.classes.length === 2
      ? createLogisticObjective(of, rowWeights)
      : createSoftmaxObjective(of, rowWeights, data.classes.length);
  };
  const held = validation && { rows: validation.rows, objective: objectiveOf(validation.labels) };
  const task = { rows, objective: objectiveOf(labels, weights), ...(held && { validation: held }) };
  const { features, threads: _threads, ...kept } = options;
  const card = { method, options: { ...kept }, features: namesOf(features, rows.columns), trainedRows: rows.rows };
  return boostedClassifierOf(card, data.classes, boost(task, options, random));
}

/** A classifier over an ensemble of log-odds: one output for two classes, else one for each. */
export function boostedClassifierOf(card: ModelCard, classes: readonly string[], ensemble: TreeEnsemble): Classifier {
  const score = createTreeScorer(ensemble);
  return {
    card,
    classes,
    probabilities: (rows) => probabilitiesOf(ensemble.outputs, score(rows)),
    explain: (row) => {
      const margins = score({ rows: 1, columns: ensemble.columns, values: Float64Array.from(row) });
      return explainTrees(ensemble, row, {
        features: card.features,
        output: margins.indexOf(Math.max(...margins)),
        scale: 'log-odds',
      });
    },
    toOnnx: () => classifierToOnnx(ensemble, 'margins'),
    onnxPart: () => probabilitiesToOnnx(ensemble),
    toJson: () => ({ card, classes, ensemble: ensembleToJson(ensemble) }),
  };
}

/** Back from `toJson`; throws INPUT_INVALID on anything else. */
export function loadBoostedClassifier(json: unknown): Classifier {
  const parsed = z.object({ card: modelCardJson, classes: z.array(z.string()), ensemble: z.unknown() }).safeParse(json);
  if (!parsed.success) throw new CerebroError('INPUT_INVALID', `not a boosted classifier: ${parsed.error.message}`);
  return boostedClassifierOf(parsed.data.card, parsed.data.classes, ensembleFromJson(parsed.data.ensemble));
}

function probabilitiesOf(outputs: number, margins: Float64Array): Matrix {
  const rows = margins.length / outputs;
  if (outputs > 1) return { rows, columns: outputs, values: softmaxRows(margins, outputs) };
  const values = new Float64Array(rows * 2);
  for (let row = 0; row < rows; row += 1) {
    values[row * 2 + 1] = 1 / (1 + Math.exp(-margins[row]!));
    values[row * 2] = 1 - values[row * 2 + 1]!;
  }
  return { rows, columns: 2, values };
}
