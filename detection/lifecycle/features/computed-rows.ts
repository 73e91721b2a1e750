import type { Matrix } from '../../models/matrix.ts';
import { blocksOf, type StoredRows } from '../../models/stored-rows.ts';
import { createFeatureComputer, type FeatureComputer } from './feature-computer.ts';
import type { FeatureSet } from './feature-set.ts';
import type { Frame } from './frame.ts';

/**
 * The features of a frame as rows that are computed when they are read, the same bytes in any order: a row depends on the last `memory` samples
 * alone, so a read that does not go on from the one before begins that many samples earlier. Memory: the frame, not its features.
 */
export function computedRows(set: FeatureSet, frame: Frame): StoredRows {
  const sample = new Float64Array(frame.names.length);
  const start = (): FeatureComputer => createFeatureComputer(set, frame.names);
  let computer = start();
  let next = 0;
  const columns = computer.names.length;
  const aside = new Float32Array(columns);
  const push = (row: number, into: Float32Array, offset: number): void => {
    for (let c = 0; c < sample.length; c += 1) sample[c] = frame.columns[c]![row]!;
    computer.push(frame.times[row]!, sample, into, offset);
  };
  return {
    rows: frame.times.length,
    columns,
    read(from, count, into) {
      if (from !== next) {
        computer = start();
        for (let row = Math.max(0, from - computer.memory + 1); row < from; row += 1) push(row, aside, 0);
      }
      for (let row = 0; row < count; row += 1) push(from + row, into, row * columns);
      next = from + count;
    },
  };
}

/** The features of one frame after the other, in blocks; a block is valid until the next one. */
export function* featureBlocks(set: FeatureSet, frames: readonly Frame[]): Generator<Matrix> {
  for (const frame of frames) for (const { block } of blocksOf(computedRows(set, frame))) yield block;
}
