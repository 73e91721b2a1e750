/** Sorted reference scores: where a score stands among them, in [0, 1], is comparable between detectors. */
export type QuantileMap = readonly number[];

/** At most 512 evenly spaced quantiles of the scores. */
export function quantileMapOf(scores: Float64Array): QuantileMap {
  const sorted = Float64Array.from(scores).sort();
  const count = Math.min(512, sorted.length);
  return Array.from(
    { length: count },
    (_, k) => sorted[Math.round((k * (sorted.length - 1)) / Math.max(1, count - 1))]!,
  );
}

/**
 * Share of the references that lie below, between two of them by distance. Beyond the ends it goes on towards 0 and 1 without
 * reaching them, so that the order among scores never seen before is kept.
 */
export function positionOf(map: QuantileMap, score: number): number {
  let low = 0;
  let high = map.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (map[middle]! < score) low = middle + 1;
    else high = middle;
  }
  const whole = map.length + 1;
  const range = Math.max(map.at(-1)! - map[0]!, 1e-12);
  if (low === 0) return 1 / (1 + (map[0]! - score) / range) / whole;
  const below = map[low - 1]!;
  if (low === map.length) {
    const beyond = (score - below) / range;
    return (low + beyond / (1 + beyond)) / whole;
  }
  return (low + (score - below) / (map[low]! - below)) / whole;
}
