import { minimise } from '../minimise.ts';
import type { PointMethod, ReadySeries } from '../point-method.ts';

export interface SmoothingOptions {
  /** Damped trend (Gardner and McKenzie 1985). */
  trend?: boolean;
  /** First-order correction of the residuals (Taylor 2003, section 3). */
  residualLag?: boolean;
  /** Steps ahead whose mean square error is minimised; 1 is the usual choice, more makes a steadier level. */
  fitSteps?: number;
  /** Points that the search for the constants may try. */
  evaluations?: number;
}

interface State {
  level: number;
  slope: number;
  error: number;
  rings: Float64Array[];
}

/**
 * Additive exponential smoothing with a level, a damped trend, any number of seasons and a first-order residual correction: Holt-Winters
 * with one season, Taylor's double seasonal form (Journal of the Operational Research Society 54, 2003) with two, simple smoothing with
 * none. Constants by the simplex method on the square errors of the last three quarters. Cost: length x seasons x about 150.
 */
export function createExponentialSmoothing(options: SmoothingOptions = {}): PointMethod {
  const trend = options.trend ?? true;
  return {
    method: trend ? 'exponential-smoothing' : 'level-smoothing',
    needs: (seasons) => Math.max(4, 2 * (seasons.at(-1) ?? 1)),
    ahead(series, horizon) {
      const count = series.seasons.length;
      const start = [
        0.2,
        trend ? 0.02 : 0,
        trend ? 0.9 : 0,
        options.residualLag === false ? 0 : 0.4,
        ...series.seasons.map(() => 0.15),
      ];
      const box: [number, number][] = [
        [0.001, 0.99],
        [0, trend ? 0.4 : 0],
        [trend ? 0.8 : 0, trend ? 0.995 : 0],
        [0, options.residualLag === false ? 0 : 0.95],
        ...series.seasons.map((): [number, number] => [0, 0.7]),
      ];
      const initial = startOf(series);
      const best = minimise(
        (point) => run(series, point, initial, options.fitSteps ?? 1).loss,
        start,
        box,
        options.evaluations ?? 60 + 30 * (2 + count),
      );
      const { state } = run(series, best.point, initial, 1);
      return aheadOf(state, series, best.point, horizon);
    },
  };
}

/** Level and seasonal rings from moving means and the average departure at each phase, longest season last and net of the shorter ones. */
function startOf({ values, seasons }: ReadySeries): State {
  const first = Math.min(values.length, Math.max(4, 2 * (seasons.at(-1) ?? 4)));
  let level = 0;
  for (let t = 0; t < first; t += 1) level += values[t]! / first;
  const left = Float64Array.from(values.subarray(0, first), (value) => value - level);
  const rings = seasons.map((season) => {
    const ring = new Float64Array(season);
    const counts = new Float64Array(season);
    for (let t = 0; t < first; t += 1) {
      ring[t % season]! += left[t]!;
      counts[t % season]! += 1;
    }
    for (let phase = 0; phase < season; phase += 1) ring[phase]! /= counts[phase]! || 1;
    for (let t = 0; t < first; t += 1) left[t]! -= ring[t % season]!;
    return ring;
  });
  return { level, slope: 0, error: 0, rings };
}

// oxlint-disable-next-line max-params -- the recursion's inputs
function run(
  { values, seasons }: ReadySeries,
  point: Float64Array,
  initial: State,
  fitSteps: number,
): { state: State; loss: number } {
  const alpha = point[0]!;
  const beta = point[1]!;
  const damping = point[2]!;
  const lag = point[3]!;
  const rings = initial.rings.map((ring) => ring.slice());
  let { level, slope, error } = initial;
  const length = values.length;
  const from = Math.floor(length / 4);
  let loss = 0;
  let counted = 0;
  for (let t = 0; t < length; t += 1) {
    let seasonal = 0;
    for (let s = 0; s < rings.length; s += 1) seasonal += rings[s]![t % seasons[s]!]!;
    const base = level + damping * slope + seasonal;
    const value = values[t]!;
    if (t >= from) {
      if (fitSteps === 1) {
        const miss = value - base - lag * error;
        loss += miss * miss;
        counted += 1;
      } else if (t % 7 === 0 && t + fitSteps < length) {
        let carried = lag * error;
        for (let k = 0; k < fitSteps; k += 3) {
          let ahead = level + carried;
          for (let s = 0; s < rings.length; s += 1) ahead += rings[s]![(t + k) % seasons[s]!]!;
          const miss = values[t + k]! - ahead;
          loss += miss * miss;
          counted += 1;
          carried *= lag ** 3;
        }
      }
    }
    error = value - base;
    level += damping * slope + alpha * error;
    slope = damping * slope + alpha * beta * error;
    for (let s = 0; s < rings.length; s += 1) rings[s]![t % seasons[s]!]! += point[4 + s]! * (1 - alpha) * error;
  }
  return { state: { level, slope, error, rings }, loss: loss / Math.max(1, counted) };
}

function aheadOf(state: State, { values, seasons }: ReadySeries, point: Float64Array, horizon: number): Float64Array {
  const damping = point[2]!;
  const lag = point[3]!;
  const result = new Float64Array(horizon);
  let { level, slope } = state;
  let carried = state.error;
  for (let h = 0; h < horizon; h += 1) {
    slope *= damping;
    level += slope;
    carried *= lag;
    let value = level + carried;
    for (let s = 0; s < seasons.length; s += 1) value += state.rings[s]![(values.length + h) % seasons[s]!]!;
    result[h] = value;
  }
  return result;
}
