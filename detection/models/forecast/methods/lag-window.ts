/** What a series is measured in at an origin: its mean over the last longest season, and the mean absolute departure from it. */
export interface Frame {
  level: number;
  scale: number;
}

export interface LagWindow {
  /** Columns of a row; the last is always 1. */
  columns: number;
  /** Values that must lie before an origin. */
  needs: number;
  frame(values: Float64Array, origin: number): Frame;
  /** Fills `row` with what is known at `origin` (values before it) about the value `step` ahead (1 is the value at `origin`). */
  row(values: Float64Array, origin: number, step: number, frame: Frame, row: Float64Array): void;
}

/**
 * The past of a series as columns for one step ahead: the same phase in the last periods of each season with its neighbours, the last
 * values, and means of the last periods. The same columns for every step, so that one model or one for each step can take them.
 */
export function createLagWindow(seasons: readonly number[], horizon: number): LagWindow {
  const longest = seasons.at(-1) ?? 8;
  const shortest = seasons[0] ?? 1;
  const periods = Math.max(2, Math.min(8, Math.round(longest / shortest) + 1));
  const near = [0, 1, 2, 3, shortest - 2, shortest - 1, shortest, 2 * shortest - 1, longest - 1];
  const columns = periods + 2 + 2 + near.length + 4 + 1 + (longest > shortest ? 3 : 0);
  const needs = Math.max(2 * longest + horizon, (periods + 2) * shortest + horizon);
  const mean = (values: Float64Array, from: number, to: number): number => {
    let total = 0;
    for (let t = from; t < to; t += 1) total += values[t]!;
    return total / (to - from);
  };
  return {
    columns,
    needs,
    frame(values, origin) {
      const level = mean(values, origin - longest, origin);
      let scale = 0;
      for (let t = origin - longest; t < origin; t += 1) scale += Math.abs(values[t]! - level);
      scale /= longest;
      return { level, scale: Math.max(scale, 1e-9 * Math.abs(level), 1e-12) };
    },
    // oxlint-disable-next-line max-params -- where, how far, in what, into what
    row(values, origin, step, { level, scale }, row) {
      let column = 0;
      const put = (value: number): void => {
        row[column] = (value - level) / scale;
        column += 1;
      };
      const target = origin + step - 1;
      const same = (season: number, k: number): number => target - season * (Math.ceil(step / season) + k);
      for (let k = 0; k < periods; k += 1) put(values[same(shortest, k)]!);
      put(values[same(shortest, 0) - 1]!);
      put(values[Math.min(origin - 1, same(shortest, 0) + 1)]!);
      if (longest > shortest) {
        put(values[same(longest, 0)]!);
        put(values[same(longest, 0) - 1]!);
        put(values[same(longest, 0) + 1]!);
      }
      put(values[same(longest, 1)]!);
      put(values[Math.max(0, same(longest, 1) - 1)]!);
      for (const lag of near) put(values[origin - 1 - lag]!);
      put(mean(values, origin - shortest, origin));
      put(mean(values, origin - 2 * shortest, origin - shortest));
      put(mean(values, origin - longest - shortest, origin - longest));
      put(mean(values, origin - 2 * longest, origin - longest));
      row[column] = 1;
    },
  };
}
