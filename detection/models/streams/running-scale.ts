/** Mean and mean deviation of each column of a stream of rows. */
export interface RunningScale {
  /** The row in mean deviations, cut at ten; missing values become 0. The same array at each call. */
  scaled(values: ArrayLike<number>): Float64Array;
  take(values: ArrayLike<number>): void;
  /** True where a value lies ten or more mean deviations from its mean, or is missing. */
  outside(values: ArrayLike<number>): boolean;
  readonly bytes: number;
}

const cut = 10;
const warmUp = 32;

/** Exponentially weighted over `memory` rows; gaps beyond ten deviations are cut before they are learned. */
export function createRunningScale(columns: number, memory = 4_000): RunningScale {
  const means = new Float64Array(columns);
  const deviations = new Float64Array(columns);
  const result = new Float64Array(columns);
  let taken = 0;
  const unit = (column: number): number => Math.max(deviations[column]!, 1e-3 * Math.abs(means[column]!), 1e-6);
  return {
    scaled(values) {
      for (let column = 0; column < columns; column += 1) {
        const gap = (values[column]! - means[column]!) / unit(column);
        result[column] = Number.isFinite(gap) ? Math.max(-cut, Math.min(cut, gap)) : 0;
      }
      return result;
    },
    outside(values) {
      for (let column = 0; column < columns; column += 1)
        if (!(Math.abs(values[column]! - means[column]!) < cut * unit(column))) return true;
      return false;
    },
    take(values) {
      taken += 1;
      const rate = 1 / Math.min(taken, memory);
      for (let column = 0; column < columns; column += 1) {
        const value = values[column]!;
        if (!Number.isFinite(value)) continue;
        const limit = taken < warmUp ? Number.POSITIVE_INFINITY : cut * unit(column);
        const gap = Math.max(-limit, Math.min(limit, value - means[column]!));
        means[column]! += rate * gap;
        deviations[column]! += rate * (Math.abs(gap) - deviations[column]!);
      }
    },
    bytes: means.byteLength * 3,
  };
}
