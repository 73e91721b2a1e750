import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { ModelCard, Regressor, RegressorTrainer, TargetRows } from '../contracts.ts';
import { boost, boostingDefaults, type BoostingOptions } from './boost.ts';
import { modelCardJson, namesOf } from './model-card-json.ts';
import { createQuantileObjective, createSquaredObjective, type Objective } from './objectives.ts';
import { createTreeScorer } from './score-trees.ts';
import { ensembleFromJson, ensembleToJson, type TreeEnsemble } from './tree-ensemble.ts';
import { explainTrees } from './tree-shap.ts';
import { sumsToOnnx } from './trees-to-onnx.ts';

export interface BoostedRegressorOptions extends BoostingOptions {
  /** `squared` for the mean, or the quantile in (0, 1) to predict, by pinball loss. */
  loss: 'squared' | { quantile: number };
  features: readonly string[];
}

/** Gradient boosted trees for a number: its mean, or one of its quantiles. Same growth and defaults as the champion classifier. */
export function createBoostedRegressorTrainer(): RegressorTrainer<BoostedRegressorOptions> {
  const method = 'gradient-boosting-regression';
  return {
    method,
    fit: (data, given, random) => {
      const options: BoostedRegressorOptions = { ...boostingDefaults, loss: 'squared', features: [], ...given };
      requireTargets(data);
      const { rows, validation } = data;
      const held = validation && { rows: validation.rows, objective: objectiveOf(options, validation.targets) };
      const task = {
        rows,
        objective: objectiveOf(options, data.targets, data.weights),
        ...(held && { validation: held }),
      };
      const { features, threads: _threads, ...kept } = options;
      const card = { method, options: { ...kept }, features: namesOf(features, rows.columns), trainedRows: rows.rows };
      return regressorOf(card, boost(task, options, random));
    },
    load: (json) => {
      const parsed = z.object({ card: modelCardJson, ensemble: z.unknown() }).safeParse(json);
      if (!parsed.success) throw new CerebroError('INPUT_INVALID', `not a boosted regressor: ${parsed.error.message}`);
      return regressorOf(parsed.data.card, ensembleFromJson(parsed.data.ensemble));
    },
  };
}

function regressorOf(card: ModelCard, ensemble: TreeEnsemble): Regressor {
  return {
    card,
    predict: createTreeScorer(ensemble),
    explain: (row) => explainTrees(ensemble, row, { features: card.features, output: 0, scale: 'score' }),
    toOnnx: () => sumsToOnnx(ensemble),
    toJson: () => ({ card, ensemble: ensembleToJson(ensemble) }),
  };
}

function objectiveOf(options: BoostedRegressorOptions, targets: Float64Array, given?: Float64Array): Objective {
  const weights = given ?? new Float64Array(targets.length).fill(1);
  if (options.loss === 'squared') return createSquaredObjective(targets, weights);
  return createQuantileObjective(targets, weights, options.loss.quantile);
}

function requireTargets({ rows, targets }: TargetRows): void {
  if (rows.rows === 0 || rows.columns === 0) throw new CerebroError('INPUT_INVALID', 'there are no rows to learn from');
  if (targets.length !== rows.rows)
    throw new CerebroError('INPUT_INVALID', `${rows.rows} rows have ${targets.length} targets`);
  if (targets.some((target) => !Number.isFinite(target)))
    throw new CerebroError('INPUT_INVALID', 'a target is missing or not finite');
}
