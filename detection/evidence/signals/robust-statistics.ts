/** The finite values of a list, sorted upwards. */
export function sortedFinite(values: readonly number[]): number[] {
  return values.filter((value) => Number.isFinite(value)).sort((left, right) => left - right);
}

/** The `share` quantile (0..1) of a sorted list by linear interpolation (Hyndman and Fan type 7); NaN when empty. */
export function quantileOfSorted(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, share));
  const low = Math.floor(position);
  const left = sorted[low] ?? Number.NaN;
  const right = sorted[Math.min(sorted.length - 1, low + 1)] ?? left;
  return left + (right - left) * (position - low);
}

/** The median of the finite values; NaN when there is none. */
export function median(values: readonly number[]): number {
  return quantileOfSorted(sortedFinite(values), 0.5);
}

/** Centre and spread that half of the values may spoil: median and 1.4826 MAD (consistent for the normal law; Hampel 1974). */
export function centreAndSpread(values: readonly number[]): { centre: number; spread: number } {
  const centre = median(values);
  return { centre, spread: 1.4826 * median(values.map((value) => Math.abs(value - centre))) };
}

/** The sum of the finite values. */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) if (Number.isFinite(value)) total += value;
  return total;
}

/** Keeps a value within [low, high]; NaN becomes low. */
export function clamp(value: number, low: number, high: number): number {
  return value > low ? Math.min(value, high) : low;
}

/**
 * The median of all pairwise slopes in units of y per unit of x (Theil 1950, Sen 1968), and the share of pairs that rise minus the share
 * that fall (Kendall's tau). At most about 60 points are used, evenly thinned; cost O(60^2).
 */
export function theilSen(points: readonly (readonly [number, number])[]): { slope: number; tau: number } {
  const stride = Math.max(1, Math.ceil(points.length / 60));
  const kept = points.filter((_, index) => index % stride === 0 || index === points.length - 1);
  const slopes: number[] = [];
  let balance = 0;
  for (let left = 0; left < kept.length; left += 1) {
    for (let right = left + 1; right < kept.length; right += 1) {
      const from = kept[left]!;
      const to = kept[right]!;
      if (to[0] <= from[0]) continue;
      slopes.push((to[1] - from[1]) / (to[0] - from[0]));
      balance += Math.sign(to[1] - from[1]);
    }
  }
  return slopes.length === 0 ? { slope: 0, tau: 0 } : { slope: median(slopes), tau: balance / slopes.length };
}
