/** Start and end (inclusive) of each run of labels above 0. */
function runsOf(labels: ArrayLike<number>): [from: number, to: number][] {
  const runs: [number, number][] = [];
  for (let at = 0; at < labels.length; at += 1) {
    if (!(labels[at]! > 0)) continue;
    const from = at;
    while (at + 1 < labels.length && labels[at + 1]! > 0) at += 1;
    runs.push([from, at]);
  }
  return runs;
}

/** Labels that fade out to both sides of each run over half of `tolerance`: sqrt(1 - distance / tolerance), at most 1. */
function softLabels(length: number, runs: readonly (readonly [number, number])[], tolerance: number): Float64Array {
  const labels = new Float64Array(length);
  for (const [from, to] of runs) for (let at = from; at <= to; at += 1) labels[at] = 1;
  const reach = Math.floor(tolerance / 2);
  for (const [from, to] of runs) {
    for (let distance = 1; distance <= reach; distance += 1) {
      const worth = Math.sqrt(1 - distance / tolerance);
      if (to + distance < length) labels[to + distance]! += worth;
      if (from - distance >= 0) labels[from - distance]! += worth;
    }
  }
  return labels.map((label) => Math.min(1, label));
}

/** Where a run of the widened labels lies; runs that touch are one. */
function widened(runs: readonly (readonly [number, number])[], reach: number, length: number): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, to] of runs) {
    const last = result.at(-1);
    if (last !== undefined && last[1] >= from - reach) last[1] = Math.min(to + reach, length - 1);
    else result.push([Math.max(0, from - reach), Math.min(to + reach, length - 1)]);
  }
  return result;
}

/**
 * VUS-PR: the volume under the surface of precision over recall, tolerance from 0 to `widest` points (Paparrizos et al., "Volume Under the Surface",
 * PVLDB 15(11), 2022: range-based recall with an existence factor, 250 thresholds, trapezoids). Scores must not be NaN. NaN where no label is
 * above 0. Cost: O(n log n + widest * n).
 */
export function volumeUnderSurface(labels: ArrayLike<number>, scores: ArrayLike<number>, widest = 20): number {
  const length = scores.length;
  const runs = runsOf(labels);
  if (runs.length === 0) return Number.NaN;
  const order = Uint32Array.from({ length }, (_, at) => at).sort((left, right) => scores[right]! - scores[left]!);
  const flagged = thresholdsOf(order, scores);
  const positives = runs.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  let volume = 0;
  for (let tolerance = 0; tolerance <= widest; tolerance += 1) {
    const soft = softLabels(length, runs, tolerance);
    const segments = widened(runs, Math.floor(tolerance / 2), length);
    const peaks = segments.map(([from, to]) => peakOf(scores, from, to)).sort((left, right) => right - left);
    const weight = (positives + soft.reduce((sum, label) => sum + label, 0)) / 2;
    let found = 0;
    let taken = 0;
    let existing = 0;
    let lastRecall = 0;
    let lastPrecision = 1;
    for (const count of flagged) {
      for (; taken < count; taken += 1) found += soft[order[taken]!]!;
      const threshold = scores[order[count - 1]!]!;
      while (existing < peaks.length && peaks[existing]! >= threshold) existing += 1;
      const recall = Math.min(found / weight, 1) * (existing / segments.length);
      const precision = found / count;
      volume += ((recall - lastRecall) * (precision + lastPrecision)) / 2;
      lastRecall = recall;
      lastPrecision = precision;
    }
  }
  return volume / (widest + 1);
}

/** How many points lie at or above each of 250 thresholds, taken at even ranks. */
function thresholdsOf(order: Uint32Array, scores: ArrayLike<number>): number[] {
  const counts: number[] = [];
  for (let step = 0; step < 250; step += 1) {
    let count = Math.max(Math.floor((step * (order.length - 1)) / 249) + 1, counts.at(-1) ?? 0);
    while (count < order.length && scores[order[count]!] === scores[order[count - 1]!]) count += 1;
    counts.push(count);
  }
  return counts;
}

function peakOf(scores: ArrayLike<number>, from: number, to: number): number {
  let peak = Number.NEGATIVE_INFINITY;
  for (let at = from; at <= to; at += 1) peak = Math.max(peak, scores[at]!);
  return peak;
}

/** Average precision: the sum over thresholds of precision times the gain of recall; equal scores are one threshold. NaN without a positive. */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, at) => at).sort(
    (left, right) => scores[right]! - scores[left]!,
  );
  let hits = 0;
  let area = 0;
  let lastHits = 0;
  for (const [rank, at] of order.entries()) {
    if (labels[at]! > 0) hits += 1;
    if (rank + 1 < order.length && scores[order[rank + 1]!] === scores[at]) continue;
    area += ((hits - lastHits) * hits) / (rank + 1);
    lastHits = hits;
  }
  return hits === 0 ? Number.NaN : area / hits;
}
