import { createRandom } from '../../../../infra/runtime/random.ts';
import { createBoostedRegressorTrainer } from '../../trees/boosted-regressor.ts';
import type { Regressor, TargetRows } from '../../contracts.ts';
import type { ReadySeries } from '../point-method.ts';
import type { SharedMethod } from '../shared-method.ts';
import { createProfileWindow } from './profile-window.ts';
import type { Outlook, ProfileWindow } from './profile-window.ts';
import { trainingOrigins } from './training-origins.ts';

export interface GlobalBoostingOptions {
  trees?: number;
  depth?: number;
  learningRate?: number;
  /** Rows to learn from, at most: origins are spread so that no more are made. */
  mostRows?: number;
}

/**
 * Boosted trees on lags and seasonal profiles, learned over many series at once and direct for every step: they correct the forecast of the
 * seasonal profile, by the median (absolute loss), so that one wild series does not bend the others. Series with more noise weigh more, by the root
 * of their scale. Cost: most rows x trees x depth / 6 histogram updates.
 */
export function createGlobalBoosting(options: GlobalBoostingOptions = {}): SharedMethod {
  const { trees = 150, depth = 5, learningRate = 0.08, mostRows = 120_000 } = options;
  const method = 'global-boosting';
  return {
    method,
    judgedBy: 'others',
    scale: 'logarithm',
    fit(all, horizon) {
      const seasons = all[0]?.seasons ?? [];
      const window = createProfileWindow(seasons, horizon);
      const data = seasons.length === 0 ? undefined : trainingRows(all, { window, horizon, mostRows });
      if (data === undefined)
        return { method, needs: () => Number.POSITIVE_INFINITY, ahead: () => new Float64Array(0) };
      const model = createBoostedRegressorTrainer().fit(
        data,
        {
          trees,
          depth,
          learningRate,
          loss: { quantile: 0.5 },
          rowSampling: 0.5,
          columnSampling: 0.4,
          minWeight: Math.max(20, data.rows.rows / 1000),
        },
        createRandom(1),
      );
      return {
        method,
        needs: () => window.needs,
        ahead: ({ values }, steps) => correct(model, window.at(values, values.length), { window, steps }),
      };
    },
  };
}

function correct(model: Regressor, outlook: Outlook, of: { window: ProfileWindow; steps: number }): Float64Array {
  const steps = Math.min(of.steps, outlook.base.length);
  const values = new Float32Array(steps * of.window.columns);
  for (let h = 0; h < steps; h += 1)
    outlook.fill(h + 1, values.subarray(h * of.window.columns, (h + 1) * of.window.columns));
  const said = model.predict({ rows: steps, columns: of.window.columns, values });
  return Float64Array.from({ length: steps }, (_, h) => outlook.base[h]! + outlook.scale * said[h]!);
}

function trainingRows(
  all: readonly ReadySeries[],
  { window, horizon, mostRows }: { window: ProfileWindow; horizon: number; mostRows: number },
): TargetRows | undefined {
  const places = trainingOrigins(all, { needs: window.needs, horizon, most: mostRows / horizon });
  if (places.length === 0) return undefined;
  const rows = places.length * horizon;
  const values = new Float32Array(rows * window.columns);
  const targets = new Float64Array(rows);
  const weights = new Float64Array(rows);
  let at = 0;
  for (const [known, origin] of places) {
    const outlook = window.at(known, origin);
    for (let h = 0; h < horizon; h += 1, at += 1) {
      outlook.fill(h + 1, values.subarray(at * window.columns, (at + 1) * window.columns));
      targets[at] = (known[origin + h]! - outlook.base[h]!) / outlook.scale;
      weights[at] = Math.sqrt(outlook.scale);
    }
  }
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / rows;
  for (let row = 0; row < rows; row += 1) weights[row]! /= mean;
  return { rows: { rows, columns: window.columns, values }, targets, weights };
}
