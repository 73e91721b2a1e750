import { computeFeatures } from '../features/feature-computer.ts';
import type { FeatureSet } from '../features/feature-set.ts';
import type { Frame } from '../features/frame.ts';
import type { Matrix } from '../matrix.ts';

/** Rows of all entities one below the other, entity by entity, each in time order. */
export interface TrainingRows {
  rows: Matrix;
  names: readonly string[];
  times: Float64Array;
  /** Index of the frame that a row is of. */
  entityOf: Int32Array;
  /** -1 unknown, 0 normal, else a class. */
  labels: Int32Array;
  classes: readonly string[];
}

/** The features of every frame, computed for each entity by itself. Memory: 4 bytes a cell. */
export function featureRows(frames: readonly Frame[], set: FeatureSet): { rows: Matrix; names: readonly string[] } {
  const parts = frames.map((frame) => computeFeatures(set, frame));
  const columns = parts[0]?.rows.columns ?? 0;
  const rows = parts.reduce((sum, part) => sum + part.rows.rows, 0);
  const values = new Float32Array(rows * columns);
  let at = 0;
  for (const part of parts) {
    values.set(part.rows.values, at);
    at += part.rows.values.length;
  }
  return { rows: { rows, columns, values }, names: parts[0]?.names ?? [] };
}

/** Joins computed features with the times, entities and labels of their frames. */
export function trainingRows(frames: readonly Frame[], rows: Matrix, names: readonly string[]): TrainingRows {
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

/** Medians of each column's finite values over some rows, 0 for a column without any: what stands for a missing value. */
export function mediansOf(rows: Matrix, take: ArrayLike<number>): Float32Array {
  const medians = new Float32Array(rows.columns);
  const column = new Float32Array(take.length);
  for (let c = 0; c < rows.columns; c += 1) {
    let filled = 0;
    for (let i = 0; i < take.length; i += 1) {
      const value = rows.values[take[i]! * rows.columns + c]!;
      if (Number.isFinite(value)) column[filled++] = value;
    }
    const sorted = column.subarray(0, filled).sort();
    medians[c] = filled === 0 ? 0 : sorted[filled >> 1]!;
  }
  return medians;
}

/** A float32 copy in which every value that is not finite is replaced by its column's fill. */
export function fillMissing(rows: Matrix, fills: ArrayLike<number>): Matrix {
  const values = Float32Array.from(rows.values);
  for (let i = 0; i < values.length; i += 1) if (!Number.isFinite(values[i]!)) values[i] = fills[i % rows.columns]!;
  return { ...rows, values };
}
