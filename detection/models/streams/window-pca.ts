import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Detector, Trainer } from '../contracts.ts';
import { outsideRanges, rangesJson, rangesOf } from '../outliers/range-guard.ts';
import { modelCardJson, namesOf } from '../trees/model-card-json.ts';
import { fitScaling, fitWindowPca, residualCells, scaleRows, windowResiduals } from './window-models.ts';
import { windowPcaOnnx } from './window-onnx.ts';
import { asTrained, checkRows, explainCells, stretchOf } from './window-rows.ts';

export interface WindowPcaOptions {
  /** Rows in a window. */
  window: number;
  /** Share of the variance that the kept directions hold. */
  explained: number;
  features: readonly string[];
}

const defaults: WindowPcaOptions = { window: 10, explained: 0.99, features: [] };
export const scalingJson = z.object({ means: z.array(z.number()), deviations: z.array(z.number()) });
export const windowPcaJson = z.object({
  window: z.number(),
  means: z.array(z.number()),
  directions: z.array(z.array(z.number())),
});
const stored = z.object({
  card: modelCardJson,
  ranges: rangesJson,
  scaling: scalingJson,
  model: windowPcaJson,
  usual: z.number(),
});
type Fitted = z.infer<typeof stored>;
const method = 'window-pca';

/**
 * Windowed principal component analysis: the squared distance of a window of rows from the directions that hold 99 % of the variance of training
 * windows (Jackson and Mudholkar, Technometrics 1979), as the mean over the windows that hold a row. The score is residual / (residual + 99th percentile in
 * training); explanations split the residual exactly by cell. The reference for rows over time; kept because it beats random (.055) and the robust z-score on `asd`:
 * `npx --no cerebro eval asd --data <dir> --truth <dir>`.
 */
export function createWindowPcaTrainer(): Trainer<WindowPcaOptions> {
  return {
    method,
    fit(rows, given) {
      const { features, ...options } = { ...defaults, ...given };
      checkRows(rows, options.window);
      const scaling = fitScaling(rows);
      const scaled = scaleRows(rows, scaling);
      const model = fitWindowPca(scaled, options.window, options.explained);
      const residuals = windowResiduals(scaled, model).sort();
      const usual = Math.max(residuals[Math.floor(0.99 * (residuals.length - 1))]!, 1e-9);
      const card = { method, options, features: [...namesOf(features, rows.columns)], trainedRows: rows.rows };
      return detectorOf({ card, ranges: rangesOf(rows), scaling, model, usual });
    },
    load(json) {
      const read = stored.safeParse(json);
      if (!read.success) throw new CerebroError('INPUT_INVALID', `not a windowed PCA: ${read.error.message}`);
      return detectorOf(read.data);
    },
  };
}

function detectorOf(fitted: Fitted): Detector {
  const { card, scaling, model, usual } = fitted;
  const columns = card.features.length;
  return {
    card,
    score: (rows) =>
      windowResiduals(scaleRows(asTrained(rows, columns), scaling), model).map((value) => value / (value + usual)),
    outOfDistribution: (rows) => outsideRanges(fitted.ranges, asTrained(rows, columns)),
    explain(values, at) {
      const stretch = stretchOf(values, columns, at);
      const cells = residualCells(scaleRows(stretch.rows, scaling), model, stretch.at);
      const residual = cells.reduce((sum, part) => sum + part, 0);
      return explainCells(card.features, stretch, {
        cells: cells.map((part) => part / (residual + usual)),
        scale: 'score',
      });
    },
    toOnnx: () => windowPcaOnnx(fitted, columns),
    toJson: () => fitted,
  };
}
