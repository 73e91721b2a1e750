import type { Matrix } from '../matrix.ts';
import { findPeriod } from './find-period.ts';

/** The usual row at each phase of a season that most columns share. */
export interface ColumnSeason {
  period: number;
  /** period x columns medians, phase by phase. */
  usual: number[];
}

/** Phases next to each other that share a median. */
const nearPhases = 2;

/** Finds the season of evenly spaced rows from the columns' periods (their median, weighted by strength); undefined where fewer than half of the changing columns have one. */
export function fitColumnSeason(rows: Matrix): ColumnSeason | undefined {
  const periods: number[] = [];
  let changing = 0;
  for (let column = 0; column < rows.columns; column += 1) {
    const values = knownOf(
      Float64Array.from({ length: rows.rows }, (_, row) => rows.values[row * rows.columns + column]!),
    );
    if (values.every((value) => value === values[0])) continue;
    changing += 1;
    const found = findPeriod(values);
    if (found !== undefined && found.strength > 0.3) periods.push(found.steps);
  }
  if (periods.length < Math.max(1, changing / 2)) return undefined;
  periods.sort((left, right) => left - right);
  const period = Math.round(periods[periods.length >> 1]!);
  const usual = Array.from({ length: period * rows.columns }, () => 0);
  for (let phase = 0; phase < period; phase += 1) {
    for (let column = 0; column < rows.columns; column += 1) {
      const seen: number[] = [];
      for (let middle = phase; middle < rows.rows; middle += period)
        for (let row = middle - nearPhases; row <= middle + nearPhases; row += 1)
          if (row >= 0 && row < rows.rows && Number.isFinite(rows.values[row * rows.columns + column]!))
            seen.push(rows.values[row * rows.columns + column]!);
      seen.sort((left, right) => left - right);
      usual[phase * rows.columns + column] = seen[seen.length >> 1] ?? 0;
    }
  }
  return { period, usual };
}

/** A column with its mean where it has no value. */
function knownOf(values: Float64Array): Float64Array {
  const known = values.filter((value) => Number.isFinite(value));
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  return known.length === values.length ? values : values.map((value) => (Number.isFinite(value) ? value : mean));
}

/**
 * Rows less what is usual at their phase. The phase of the first row is the one that leaves the least (median over rows of the summed distances, as float32, of equal
 * ones the first: an ONNX file must find the same; missing values aside).
 */
export function withoutSeason(rows: Matrix, season: ColumnSeason): Matrix {
  const phase = bestPhase(rows, season);
  const values = Float64Array.from(rows.values, (value, at) => {
    const row = Math.floor(at / rows.columns);
    return value - season.usual[((row + phase) % season.period) * rows.columns + (at % rows.columns)]!;
  });
  return { ...rows, values };
}

/** Rows whose distances tell the phase, at least, where there are as many. */
export const lookedAt = 400;

function bestPhase(rows: Matrix, { period, usual }: ColumnSeason): number {
  const stride = Math.max(1, Math.floor(rows.rows / lookedAt));
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let phase = 0; phase < period; phase += 1) {
    const distances: number[] = [];
    for (let row = 0; row < rows.rows; row += stride) {
      let distance = 0;
      for (let column = 0; column < rows.columns; column += 1)
        distance += knownDistance(
          rows.values[row * rows.columns + column]! - usual[((row + phase) % period) * rows.columns + column]!,
        );
      distances.push(distance);
    }
    distances.sort((left, right) => left - right);
    const median = Math.fround(distances[distances.length >> 1] ?? 0);
    if (median < least) {
      least = median;
      best = phase;
    }
  }
  return best;
}

function knownDistance(gap: number): number {
  return Number.isFinite(gap) ? Math.abs(gap) : 0;
}
