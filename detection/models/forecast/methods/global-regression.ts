import { createNormalEquations } from '../least-squares.ts';
import type { ReadySeries } from '../point-method.ts';
import type { SharedMethod } from '../shared-method.ts';
import { createLagWindow } from './lag-window.ts';
import type { LagWindow } from './lag-window.ts';

export interface GlobalOptions {
  /** Training origins of each series, newest first, half a horizon apart. */
  origins?: number;
  ridge?: number;
}

/**
 * One ridge regression for each step ahead over many series at once (a pooled direct forecast; Montero-Manso and Hyndman, International Journal
 * of Forecasting 37, 2021), each series relative to its own recent level and in units of its own spread.
 * Cost: series x origins x horizon x columns squared.
 */
export function createGlobalRegression(options: GlobalOptions = {}): SharedMethod {
  return {
    method: 'global-regression',
    scale: 'both',
    judgedBy: 'earlier',
    fit(all, horizon) {
      const window = createLagWindow(all[0]?.seasons ?? [], horizon);
      const weights = learn(all, window, horizon, options);
      const row = new Float64Array(window.columns);
      return {
        method: 'global-regression',
        needs: () => window.needs,
        ahead({ values }, steps) {
          const frame = window.frame(values, values.length);
          return Float64Array.from({ length: steps }, (_, h) => {
            window.row(values, values.length, h + 1, frame, row);
            let value = 0;
            for (let i = 0; i < window.columns; i += 1) value += weights[h]![i]! * row[i]!;
            return frame.level + frame.scale * value;
          });
        },
      };
    },
  };
}

// oxlint-disable-next-line max-params -- what from, through what, how far, how
function learn(
  all: readonly ReadySeries[],
  window: LagWindow,
  horizon: number,
  options: GlobalOptions,
): Float64Array[] {
  const equations = Array.from({ length: horizon }, () => createNormalEquations(window.columns));
  const row = new Float64Array(window.columns);
  const stride = Math.max(1, Math.floor(horizon / 2) - 1);
  for (const { values } of all) {
    for (let k = 0; k < (options.origins ?? 10); k += 1) {
      const origin = values.length - horizon - k * stride;
      if (origin < window.needs) break;
      const frame = window.frame(values, origin);
      for (let h = 1; h <= horizon; h += 1) {
        window.row(values, origin, h, frame, row);
        equations[h - 1]!.add(row, (values[origin + h - 1]! - frame.level) / frame.scale);
      }
    }
  }
  return equations.map((one) => one.solve(options.ridge ?? 1e-3, [window.columns - 1]));
}
