import type { LoadedData } from './training-stages.ts';

/** A score and one measured column over time, for a chart. Samples are [milliseconds, value]. */
export interface ScoreCurve {
  entity: string;
  column: string;
  threshold: number;
  scores: [number, number][];
  values: [number, number][];
}

const mostPoints = 1_000;

/** The held-out rows of the entity with the highest score: the highest score of each stretch of rows, and the first column's value there. */
export function scoreCurve({ data, split, frames }: LoadedData, scores: Float64Array, threshold: number): ScoreCurve {
  const highest = scores.reduce((best, score, place) => (score > scores[best]! ? place : best), 0);
  const entity = data.entityOf[split.holdout[highest] ?? 0] ?? 0;
  const places = Array.from(split.holdout, (_, place) => place).filter(
    (place) => data.entityOf[split.holdout[place]!] === entity,
  );
  const frame = frames[entity]!;
  const first = data.entityOf.indexOf(entity);
  const size = Math.max(1, Math.ceil(places.length / mostPoints));
  const curve: ScoreCurve = { entity: frame.entity, column: frame.names[0]!, threshold, scores: [], values: [] };
  for (let from = 0; from < places.length; from += size) {
    const peak = places
      .slice(from, from + size)
      .reduce((best, place) => (scores[place]! > scores[best]! ? place : best));
    const row = split.holdout[peak]!;
    const value = frame.columns[0]![row - first]!;
    curve.scores.push([data.times[row]!, scores[peak]!]);
    if (Number.isFinite(value)) curve.values.push([data.times[row]!, value]);
  }
  return curve;
}
