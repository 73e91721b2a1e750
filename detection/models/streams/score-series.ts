import { retrospectiveTail, tailShare } from './calibrated-tail.ts';
import { createDefaultEnsemble, stateEvidence } from './default-ensemble.ts';

/** Points to each side over which abnormality is spread in a look back: people mark the edges of an incident generously, and a detector should too. */
const reach = 4;

/** Scores of a stored series by the default ensemble, looking back: each point is judged against the level and season of the whole series. */
export function scoreSeries(values: ArrayLike<number>, times: ArrayLike<number>): Float64Array {
  return retrospectiveEvidence(values, times).map((evidence) => 1 - tailShare(retrospectiveTail, evidence));
}

/** The evidence behind `scoreSeries`, before it is calibrated. Missing samples have none of their own. O(n log n). */
export function retrospectiveEvidence(values: ArrayLike<number>, times: ArrayLike<number>): Float64Array {
  const ensemble = createDefaultEnsemble();
  const point = new Float64Array(1);
  const novelty = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    point[0] = values[at]!;
    novelty[at] = ensemble.noveltyOne(point, times[at]!);
    ensemble.learnOne(point, times[at]!);
  }
  const levels = distancesFromMiddle(Float64Array.from(values));
  const gaps = Float64Array.from({ length: values.length }, (_, at) => {
    const usual = ensemble.expectedAt(times[at]!);
    return usual === undefined ? Number.NaN : values[at]! - usual;
  });
  const seasons = distancesFromMiddle(gaps);
  const evidence = levels.map((level, at) => {
    if (Number.isNaN(level)) return 0;
    const season = seasons[at]!;
    return stateEvidence(level, Number.isNaN(season) ? level : season, novelty[at]!);
  });
  return spread(evidence);
}

/** Distance of each value from the median of all, in interquartile ranges or quarters of the range from 2 % to 98 %, whichever is larger. */
function distancesFromMiddle(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return new Float64Array(values.length).fill(Number.NaN);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  const median = at(0.5);
  const scale = Math.max(at(0.75) - at(0.25), (at(0.98) - at(0.02)) / 4, 1e-3 * Math.abs(median), 1e-9);
  return values.map((value) => (Number.isFinite(value) ? Math.abs(value - median) / scale : Number.NaN));
}

/** The highest evidence within `reach` points, then the mean of that within `reach` points. */
function spread(evidence: Float64Array): Float64Array {
  const clamp = (at: number): number => Math.min(evidence.length - 1, Math.max(0, at));
  const highest = evidence.map((_, at) => {
    let most = 0;
    for (let near = clamp(at - reach); near <= clamp(at + reach); near += 1) most = Math.max(most, evidence[near]!);
    return most;
  });
  return highest.map((_, at) => {
    let sum = 0;
    const from = clamp(at - reach);
    const to = clamp(at + reach);
    for (let near = from; near <= to; near += 1) sum += highest[near]!;
    return sum / (to - from + 1);
  });
}
