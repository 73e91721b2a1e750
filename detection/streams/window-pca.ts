import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Detector, Trainer } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { fitScaling, fitWindowPca, scaleRows, windowResiduals } from './window-models.ts';

export interface WindowPcaOptions {
  /** Rows in a window. */
  window: number;
  /** Share of the variance that the kept directions hold. */
  explained: number;
}

const defaults: WindowPcaOptions = { window: 10, explained: 0.99 };
const stored = z.object({
  options: z.object({ window: z.number(), explained: z.number() }),
  trainedRows: z.number(),
  scaling: z.object({ means: z.array(z.number()), deviations: z.array(z.number()) }),
  model: z.object({ window: z.number(), means: z.array(z.number()), directions: z.array(z.array(z.number())) }),
  usual: z.number(),
});

/**
 * Windowed principal component analysis: the squared distance of a window of rows from the directions that hold 99 % of the variance of training
 * windows (Jackson and Mudholkar, Technometrics 1979). The score is residual / (residual + 99th percentile in training). The reference for rows over
 * time; kept because it beats random (.055) and the robust z-score on `asd`: `npx --no cerebro eval asd --data <dir> --truth <dir>`.
 */
export function createWindowPcaTrainer(): Trainer<WindowPcaOptions> {
  const detectorOf = (fitted: z.infer<typeof stored>): Detector => ({
    card: {
      method: 'window-pca',
      options: { ...fitted.options },
      features: fitted.scaling.means.map((_, column) => `column ${column}`),
      trainedRows: fitted.trainedRows,
    },
    score: (rows) =>
      windowResiduals(scaleRows(rows, fitted.scaling), fitted.model).map((value) => value / (value + fitted.usual)),
    toJson: () => fitted,
  });
  return {
    method: 'window-pca',
    fit(rows, options) {
      const filled = { ...defaults, ...options };
      checkRows(rows, filled.window);
      const scaling = fitScaling(rows);
      const scaled = scaleRows(rows, scaling);
      const model = fitWindowPca(scaled, filled.window, filled.explained);
      const residuals = windowResiduals(scaled, model).sort();
      const usual = Math.max(residuals[Math.floor(0.99 * (residuals.length - 1))]!, 1e-9);
      return detectorOf({ options: filled, trainedRows: rows.rows, scaling, model, usual });
    },
    load: (json) => detectorOf(stored.parse(json)),
  };
}

/** Throws INPUT_INVALID where there are not ten windows of rows. */
export function checkRows(rows: Matrix, window: number): void {
  if (!(window >= 1) || rows.rows < 10 * window || rows.columns < 1)
    throw new CerebroError(
      'INPUT_INVALID',
      `Windows of ${window} rows need at least ${10 * window} rows; there are ${rows.rows}.`,
    );
}
