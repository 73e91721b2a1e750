import type { Frame } from '../features/frame.ts';
import { blocksOf, chosenRows, type StoredRows } from '../../models/stored-rows.ts';

/** Rows of all entities one below the other, entity by entity, each in time order. */
export interface TrainingRows {
  rows: StoredRows;
  names: readonly string[];
  times: Float64Array;
  /** Index of the frame that a row is of. */
  entityOf: Int32Array;
  /** -1 unknown, 0 normal, else a class. */
  labels: Int32Array;
  classes: readonly string[];
}

/** Joins computed features with the times, entities and labels of their frames. */
export function trainingRows(frames: readonly Frame[], rows: StoredRows, names: readonly string[]): TrainingRows {
  const times = new Float64Array(rows.rows);
  const entityOf = new Int32Array(rows.rows);
  const labels = new Int32Array(rows.rows).fill(-1);
  let at = 0;
  for (const [index, frame] of frames.entries()) {
    times.set(frame.times, at);
    entityOf.fill(index, at, at + frame.times.length);
    if (frame.labels !== undefined) labels.set(frame.labels, at);
    at += frame.times.length;
  }
  return { rows, names, times, entityOf, labels, classes: frames[0]?.classes ?? ['normal', 'abnormal'] };
}

/** Neighbouring rows that are read together where not all are. */
const stretch = 256;

/**
 * Medians of each column's finite values over some rows, 0 for a column without any: what stands for a missing value. Of more than `mostRows`
 * (at least a stretch) it is the median of that many, in evenly spaced stretches. Memory: 4 bytes a value, at most `mostCells` of them or a column;
 * the rows are read once for each part of the columns that fits.
 */
export function mediansOf(
  rows: StoredRows,
  take: ArrayLike<number>,
  { mostRows = 1_000_000, mostCells = 64_000_000 }: { mostRows?: number; mostCells?: number } = {},
): Float32Array {
  const { columns } = rows;
  const chosen = chosenRows(rows, take.length <= mostRows ? take : stretchesOf(take, mostRows));
  const count = chosen.rows;
  const width = Math.max(1, Math.min(columns, Math.floor(mostCells / Math.max(1, count))));
  const medians = new Float32Array(columns);
  const held = new Float32Array(count * width);
  for (let first = 0; first < columns; first += width) {
    const filled = new Int32Array(Math.min(width, columns - first));
    for (const { block } of blocksOf(chosen))
      for (let row = 0; row < block.rows; row += 1)
        for (let c = 0; c < filled.length; c += 1) {
          const value = block.values[row * columns + first + c]!;
          if (Number.isFinite(value)) held[c * count + filled[c]!++] = value;
        }
    for (let c = 0; c < filled.length; c += 1) {
      const sorted = held.subarray(c * count, c * count + filled[c]!).sort();
      medians[first + c] = sorted.length === 0 ? 0 : sorted[sorted.length >> 1]!;
    }
  }
  return medians;
}

/** At most `most` of the rows, of which there are more, in stretches spread evenly over all. */
function stretchesOf(take: ArrayLike<number>, most: number): Int32Array {
  const kept = Math.floor(most / stretch);
  const each = take.length / stretch / kept;
  return Int32Array.from(
    { length: kept * stretch },
    (_, at) => take[Math.floor(Math.floor(at / stretch) * each) * stretch + (at % stretch)]!,
  );
}
