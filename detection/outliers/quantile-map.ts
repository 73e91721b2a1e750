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
 * Share of the references that lie below, between two of them by distance. Above the largest it goes on towards 1 without
 * reaching it, so that the order among scores never seen before is kept.
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
  if (low === 0) return 0;
  const below = map[low - 1]!;
  if (low === map.length) {
    const beyond = (score - below) / Math.max(below - map[0]!, 1e-12);
    return (low + beyond / (1 + beyond)) / whole;
  }
  return (low + (score - below) / (map[low]! - below)) / whole;
}
