import { edgeNumbers, type TrainingArena } from './training-arena.ts';

/** The inner loops of training over an arena. Every kernel leaves the same bytes. */
export interface TrainingKernel {
  /** Adds the ordered pairs of the part's rows to the histograms of its columns. */
  add(part: HistogramPart): void;
  /** target -= other over so many pairs; both are indices of words in `histograms`. */
  subtract(target: number, other: number, bins: number): void;
  /** Bin codes of a column whose values stand in `scratch` as column `place`: how many of its cuts lie below, or its bin count for NaN. */
  bin(column: number, place: number): void;
}

/** Up to four columns (`width` of them), where their bins and histograms start, and the rows. */
export interface HistogramPart {
  width: number;
  /** First index in `bins` of each column, and first index in `histograms` (words) of each. */
  bins: Int32Array;
  histograms: Int32Array;
  start: number;
  count: number;
}

/** The kernel in plain TypeScript: the reference, and the fastest where an arena is small. */
export function createPlainKernel(arena: TrainingArena): TrainingKernel {
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
    bin: (column, place) => {
      const { rows } = arena.layout;
      const edges = arena.edges.subarray(column * edgeNumbers, (column + 1) * edgeNumbers);
      const missing = arena.binCounts[column]!;
      for (let row = 0; row < rows; row += 1) {
        const value = arena.scratch[place * rows + row]!;
        let low = 0;
        let high = missing - 1;
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (value > edges[middle]!) low = middle + 1;
          else high = middle;
        }
        bins[column * rows + row] = Number.isNaN(value) ? missing : low;
      }
    },
  };
}
