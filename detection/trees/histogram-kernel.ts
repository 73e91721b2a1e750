import type { TrainingArena } from './training-arena.ts';

/** The inner loops of training over an arena. Every kernel leaves the same bytes. */
export interface HistogramKernel {
  /**
   * Adds the ordered pairs of rows [start, start + count) of `order` to the histograms of columns `columns[from .. from + 4)` in a slot;
   * fewer where fewer are left before `to`. Returns the number of columns done.
   */
  add(part: HistogramPart): void;
  /** target -= other, over pairs [from, to) of two slots. */
  subtract(target: number, other: number, bins: number): void;
}

/** Four columns (repeat none; `width` says how many count), where their bins and histograms start, and the rows. */
export interface HistogramPart {
  width: number;
  /** First index in `bins` of each column, and first index in `histograms` (words) of each. */
  bins: Int32Array;
  histograms: Int32Array;
  start: number;
  count: number;
}

/** The kernel in plain TypeScript: the reference, and the fastest where an arena is small. */
export function createPlainKernel(arena: TrainingArena): HistogramKernel {
  const { bins, order, ordered, histograms } = arena;
  return {
    add: (part) => {
      const end = part.start + part.count;
      for (let k = 0; k < part.width; k += 1) {
        const column = part.bins[k]!;
        const base = part.histograms[k]!;
        for (let at = part.start; at < end; at += 1) {
          const cell = base + bins[column + order[at]!]! * 2;
          histograms[cell] = histograms[cell]! + ordered[at * 2]!;
          histograms[cell + 1] = histograms[cell + 1]! + ordered[at * 2 + 1]!;
        }
      }
    },
    subtract: (target, other, count) => {
      for (let word = 0; word < count * 2; word += 1)
        histograms[target + word] = histograms[target + word]! - histograms[other + word]!;
    },
  };
}
