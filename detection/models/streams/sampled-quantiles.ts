/** Median and spread of the last `size * stride` values in 1 KB: each of the first 128 values, then every 13th or so (a prime does not beat with a period). */
export interface SampledQuantiles {
  push(value: number): void;
  median(): number;
  /** The larger of the interquartile range and a quarter of the range from 2 % to 98 %, with a floor that follows the size of the values. Above 0. */
  scale(): number;
  /** Values taken in since the start. */
  count(): number;
  readonly bytes: number;
}

/** Quantiles over a sorted ring of `size` samples, kept up to date at each sample. Cost of a push: some ten nanoseconds on average. */
export function createSampledQuantiles(stride = 13, size = 128): SampledQuantiles {
  const sorted = new Float32Array(size);
  const ring = new Float32Array(size);
  let held = 0;
  let next = 0;
  let seen = 0;
  let median = 0;
  let scale = 1e-9;

  const refresh = (): void => {
    const at = (fraction: number): number => sorted[Math.round(fraction * (held - 1))]!;
    median = at(0.5);
    scale = Math.max(at(0.75) - at(0.25), (at(0.98) - at(0.02)) * 0.25, 1e-3 * Math.abs(median), 1e-9);
  };

  return {
    push(value) {
      seen += 1;
      if (seen > size && seen % stride !== 0) return;
      if (held === size) {
        const place = lowerBound(sorted, held, ring[next]!);
        sorted.copyWithin(place, place + 1, held);
        held -= 1;
      }
      ring[next] = value;
      const kept = ring[next]!;
      next = next + 1 === size ? 0 : next + 1;
      const place = lowerBound(sorted, held, kept);
      sorted.copyWithin(place + 1, place, held);
      sorted[place] = kept;
      held += 1;
      refresh();
    },
    median: () => median,
    scale: () => scale,
    count: () => seen,
    bytes: size * 8 + 64,
  };
}

/** The first place among the first `held` sorted values that is not below `value`. */
export function lowerBound(sorted: ArrayLike<number>, held: number, value: number): number {
  let low = 0;
  let high = held;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
