import type { Random } from '../../../infra/runtime/random.ts';
import type { OnlineDetector } from '../contracts.ts';

/** What a candidate reached on the copies of the series with planted anomalies: mean average precision, 0 to 1. */
export interface Choice {
  method: string;
  quality: number;
}

const kinds = ['spike', 'shift', 'dip', 'flat', 'noise'] as const;
const copies = 4;
const plantedEach = 4;
/** The first third of a series only teaches. */
const taught = 1 / 3;

/**
 * Chooses the detector for a series without labels: known anomalies (spikes, shifts, dips, flat and noisy stretches, one to four interquartile ranges high)
 * are planted into copies of it and the candidate that ranks them best wins (Goswami et al., "Unsupervised Model Selection for Time-series Anomaly
 * Detection", ICLR 2023). Best first; equal ones in the order of `candidates`. Cost: 4 runs over the series for each candidate.
 */
export function chooseDetector(
  series: { values: ArrayLike<number>; times: ArrayLike<number> },
  candidates: readonly (() => OnlineDetector)[],
  random: Random,
): Choice[] {
  const planted = Array.from({ length: copies }, () => plant(series.values, random));
  return candidates
    .map((create) => {
      let method = '';
      let quality = 0;
      for (const { values, labels } of planted) {
        const detector = create();
        method = detector.method;
        quality += precisionOf(detector, values, labels, series.times) / planted.length;
      }
      return { method, quality };
    })
    .toSorted((left, right) => right.quality - left.quality);
}

function plant(original: ArrayLike<number>, random: Random): { values: Float64Array; labels: Uint8Array } {
  const values = Float64Array.from(original);
  const labels = new Uint8Array(values.length);
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const unit = Math.max(at(0.75) - at(0.25), (at(0.98) - at(0.02)) / 4, 1e-3 * Math.abs(at(0.5)), 1e-6);
  const from = Math.floor(values.length * taught);
  for (let index = 0; index < plantedEach; index += 1) {
    const kind = random.pick(kinds);
    const length = kind === 'spike' ? 1 + random.integer(3) : 8 + random.integer(24);
    const start = from + random.integer(Math.max(1, values.length - from - length));
    const height = unit * (1 + 3 * random.next()) * (random.next() < 0.5 ? -1 : 1);
    const first = values[start] ?? 0;
    for (let place = start; place < Math.min(values.length, start + length); place += 1) {
      labels[place] = 1;
      if (kind === 'flat') values[place] = first;
      else if (kind === 'noise') values[place]! += height * (2 * random.next() - 1);
      else values[place]! += kind === 'dip' ? -Math.abs(height) : height;
    }
  }
  return { values, labels };
}

/** Average precision of the scores after the taught part. */
function precisionOf(
  detector: OnlineDetector,
  values: Float64Array,
  labels: Uint8Array,
  times: ArrayLike<number>,
): number {
  const point = new Float64Array(1);
  const scores = values.map((value, at) => {
    point[0] = value;
    const score = detector.scoreOne(point, times[at]!);
    detector.learnOne(point, times[at]!);
    return score;
  });
  const from = Math.floor(values.length * taught);
  const order = Array.from({ length: values.length - from }, (_, at) => from + at).sort(
    (left, right) => scores[right]! - scores[left]! || left - right,
  );
  let hits = 0;
  let area = 0;
  for (const [rank, at] of order.entries()) {
    if (labels[at] === 0) continue;
    hits += 1;
    area += hits / (rank + 1);
  }
  return hits === 0 ? 0 : area / hits;
}
