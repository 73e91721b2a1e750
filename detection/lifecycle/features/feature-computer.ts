import type { Matrix } from '../../models/matrix.ts';
import { columnsOf, type FeatureColumn } from './feature-columns.ts';
import type { FeatureSet } from './feature-set.ts';
import type { Frame } from './frame.ts';
import { createClockReader, type ClockReader } from './time-features.ts';
import { fillStatistics, type WindowStatistics } from './window-statistics.ts';

/** Computes a set's features, one sample after the other. Memory: 62 values a column of the data. */
export interface FeatureComputer {
  readonly columns: readonly FeatureColumn[];
  readonly names: readonly string[];
  /** Samples that must have been pushed before a row depends on nothing older; 1 to 61. */
  readonly memory: number;
  /** Takes one sample in and writes its features at `into[offset]`. The values must be in the order of the data's columns. */
  push(at: number, values: ArrayLike<number>, into: Float32Array, offset: number): void;
}

const ringSize = 62;
const flat = 1e-9;
/** A departure beyond this says no more. */
const farthest = 50;

/**
 * The one implementation of features, for training and for serving: training pushes a whole frame, serving pushes the samples
 * that arrive. After `memory` samples the features are a function of the last `memory` samples alone, so a restarted server gives the
 * same bytes as the training run (a test proves it). Values that are not there (a lag before the start, a ratio over 0) are NaN.
 * Cost a sample: about 2 x steps for each window of each column.
 */
export function createFeatureComputer(set: FeatureSet, names: readonly string[]): FeatureComputer {
  const columns = columnsOf(set, names);
  const rings = names.map(() => new Float64Array(ringSize).fill(NaN));
  const clocks = new Map<string, ClockReader>();
  for (const column of columns)
    if (column.kind === 'time' && !clocks.has(column.timeZone))
      clocks.set(column.timeZone, createClockReader(column.timeZone));
  const statistics = new Map<number, WindowStatistics>();
  const key = (from: number, steps: number, before: 0 | 1): number => (from * 64 + steps) * 2 + before;
  for (const column of columns) {
    if (column.kind === 'window') statistics.set(key(column.from, column.steps, 0), blank());
    if (column.kind === 'departure') statistics.set(key(column.from, column.steps, 1), blank());
  }
  const windows = [...statistics].map(([code, into]) => ({
    from: code >> 7,
    steps: (code >> 1) & 63,
    before: code & 1,
    into,
  }));
  const memory = 1 + Math.max(0, ...columns.map((column) => reachOf(column)));
  let pushed = 0;
  let head = 0;
  const back = (from: number, steps: number): number => rings[from]![(head - 1 - steps + 2 * ringSize) % ringSize]!;

  const valueOf = (column: FeatureColumn, at: number): number => {
    switch (column.kind) {
      case 'raw':
        return back(column.from, 0);
      case 'time':
        return clocks.get(column.timeZone)!.read(at, column.part);
      case 'window':
        return statistics.get(key(column.from, column.steps, 0))![column.statistic];
      case 'lag':
        return back(column.from, column.steps);
      case 'change':
        return (back(column.from, 0) - back(column.from, column.steps)) / column.steps;
      case 'departure': {
        const { mean, std, count } = statistics.get(key(column.from, column.steps, 1))!;
        if (count < 3) return NaN;
        const apart = back(column.from, 0) - mean;
        // A constant past has no deviation; the size of the mean is the only scale that is left.
        const scale = Math.max(std, flat * (1 + Math.abs(mean)));
        return Math.max(-farthest, Math.min(farthest, apart / scale));
      }
      case 'interaction':
        return back(column.left, 0) * back(column.right, 0);
      case 'ratio': {
        const below = back(column.right, 0);
        return below === 0 ? NaN : back(column.left, 0) / below;
      }
      case 'count':
        break;
    }
    let count = 0;
    for (let step = 0; step < column.steps; step += 1) if (back(column.from, step) > column.above) count += 1;
    return count;
  };

  return {
    columns,
    names: columns.map(({ name }) => name),
    memory,
    push(at, values, into, offset) {
      for (let c = 0; c < rings.length; c += 1) rings[c]![head] = values[c]!;
      head = (head + 1) % ringSize;
      pushed += 1;
      for (const { from, steps, before, into: target } of windows) {
        const length = Math.min(steps, pushed - before);
        fillStatistics(rings[from]!, (head - before + ringSize) % ringSize, length, target);
      }
      for (let c = 0; c < columns.length; c += 1) into[offset + c] = valueOf(columns[c]!, at);
    },
  };
}

/** The features of a whole frame, one row a sample. The frame's columns must be those that the set is meant for. */
export function computeFeatures(set: FeatureSet, frame: Frame): { names: readonly string[]; rows: Matrix } {
  const computer = createFeatureComputer(set, frame.names);
  const width = computer.names.length;
  const values = new Float32Array(frame.times.length * width);
  const sample = new Float64Array(frame.names.length);
  for (let r = 0; r < frame.times.length; r += 1) {
    for (let c = 0; c < sample.length; c += 1) sample[c] = frame.columns[c]![r]!;
    computer.push(frame.times[r]!, sample, values, r * width);
  }
  return { names: computer.names, rows: { rows: frame.times.length, columns: width, values } };
}

/** Samples before the newest one that a column looks at. */
function reachOf(column: FeatureColumn): number {
  switch (column.kind) {
    case 'window':
    case 'count':
      return column.steps - 1;
    case 'lag':
    case 'change':
    case 'departure':
      return column.steps;
    case 'raw':
    case 'time':
    case 'interaction':
    case 'ratio':
      break;
  }
  return 0;
}

function blank(): WindowStatistics {
  return { count: 0, mean: NaN, std: NaN, min: NaN, max: NaN, sum: NaN, skew: NaN, kurtosis: NaN };
}
