import { clearResult, scanColumn } from './find-split.ts';
import { blockColumns } from './bin-columns.ts';
import type { TrainingKernel } from './training-kernel.ts';
import { commands, controlWords, jobWords, type TrainingArena } from './training-arena.ts';

/** One thread's share of what `control` says. False where that is to stop. */
export function doCommand(arena: TrainingArena, kernel: TrainingKernel, thread: number): boolean {
  const command = arena.control[controlWords.command];
  if (command === commands.level) doLevel(arena, kernel, thread);
  if (command === commands.bin) doBlock(arena, kernel, thread);
  return command !== commands.stop;
}

/** Bins every `threads`-th column of the block in `scratch`. */
function doBlock(arena: TrainingArena, kernel: TrainingKernel, thread: number): void {
  const { layout, categorical, binCounts, bins, scratch } = arena;
  const from = arena.control[controlWords.block]!;
  const width = Math.min(blockColumns, layout.columns - from);
  for (let place = thread; place < width; place += layout.threads) {
    const column = from + place;
    if (categorical[column] === 0) {
      kernel.bin(column, place);
      continue;
    }
    const missing = binCounts[column]!;
    for (let row = 0; row < layout.rows; row += 1) {
      const code = scratch[place * layout.rows + row]!;
      bins[column * layout.rows + row] = code >= 0 && code < missing ? code : missing;
    }
  }
}

/**
 * One thread's share of a level: for its part of the sampled columns, the histograms of the jobs' nodes (the smaller child counted, the
 * larger by subtraction from its parent) and their best splits. Columns outside, nodes inside: the bins of four columns stay in the
 * second cache while all nodes of the level pass over them. Ties go to the lower column whatever the number of threads.
 */
function doLevel(arena: TrainingArena, kernel: TrainingKernel, thread: number): void {
  const { layout, control, jobs, sample, offsets, binCounts, histograms, descriptors } = arena;
  const sampled = control[controlWords.sampled]!;
  const from = Math.floor((sampled * thread) / layout.threads);
  const to = Math.floor((sampled * (thread + 1)) / layout.threads);
  const jobCount = control[controlWords.jobs]!;
  const firstResult = thread * layout.slots * 2;
  for (let job = 0; job < jobCount * 2; job += 1) clearResult(arena, firstResult + job);
  const part = {
    width: 0,
    bins: descriptors.subarray(thread * 8, thread * 8 + 4),
    histograms: descriptors.subarray(thread * 8 + 4, thread * 8 + 8),
    start: 0,
    count: 0,
  };
  for (let group = from; group < to; group += 4) {
    part.width = Math.min(4, to - group);
    for (let job = 0; job < jobCount; job += 1) {
      const at = job * jobWords;
      const slot = jobs[at + 2]!;
      const parent = jobs[at + 3]!;
      part.start = jobs[at]!;
      part.count = jobs[at + 1]!;
      for (let k = 0; k < part.width; k += 1) {
        const column = sample[group + k]!;
        const base = (slot * layout.totalBins + offsets[column]!) * 2;
        histograms.fill(0, base, base + (binCounts[column]! + 1) * 2);
        part.bins[k] = column * layout.rows;
        part.histograms[k] = base;
      }
      kernel.add(part);
      const result = firstResult + job * 2;
      for (let k = 0; k < part.width; k += 1) {
        const column = sample[group + k]!;
        scanColumn(arena, { slot, gradient: jobs[at + 4]!, hessian: jobs[at + 5]!, result }, column);
        if (parent < 0) continue;
        const larger = (parent * layout.totalBins + offsets[column]!) * 2;
        kernel.subtract(larger, part.histograms[k]!, binCounts[column]! + 1);
        scanColumn(
          arena,
          { slot: parent, gradient: jobs[at + 6]!, hessian: jobs[at + 7]!, result: result + 1 },
          column,
        );
      }
    }
  }
}
