import { blockColumns, type ColumnCuts } from './bin-columns.ts';

/**
 * All that the threads of one training share, in one buffer. Gradients are kept as pairs of whole numbers, because sums of
 * whole numbers come out the same in any order: the trees do not depend on the number of threads, and a sibling's histogram is
 * exactly parent minus child (subtraction trick and quantised gradients: Shi et al., "Quantized Training of Gradient Boosting
 * Decision Trees", NeurIPS 2022).
 */
export interface TrainingArena {
  readonly buffer: ArrayBufferLike;
  readonly layout: ArenaLayout;
  /** Bin codes, column after column. */
  readonly bins: Uint8Array;
  /** Rows of the tree, those of a node side by side, ascending. */
  readonly order: Int32Array;
  /** Quantised (gradient, hessian) of each row, low word the hessian, high word the gradient, so that an int64 adds both. */
  readonly pairs: Int32Array;
  /** The same in the order of `order`, filled for the nodes whose histograms are counted. */
  readonly ordered: Int32Array;
  /** Histograms: slot after slot of `totalBins` pairs. */
  readonly histograms: Int32Array;
  readonly binCounts: Int32Array;
  readonly offsets: Int32Array;
  readonly categorical: Int32Array;
  /** Columns of the current tree. */
  readonly sample: Int32Array;
  readonly jobs: Int32Array;
  readonly results: Float64Array;
  readonly control: Int32Array;
  readonly settings: Float64Array;
  /** Cuts of each column, 256 of them, infinity behind the last. */
  readonly edges: Float32Array;
  /** Values of the block of columns that is being binned, column after column. */
  readonly scratch: Float32Array;
  /** Scratch of each thread for a call of the kernel. */
  readonly descriptors: Int32Array;
}

/** What decides where everything lies: plain numbers, so that a worker can lay the same views over the same buffer. */
export interface ArenaLayout {
  rows: number;
  columns: number;
  totalBins: number;
  /** Nodes of a level that may still be split, at most. */
  slots: number;
  threads: number;
}

/** Words of a job: start and count of the rows to count, slot of their histogram, slot of parent and then sibling (-1: none), gradient and hessian sums of both. */
export const jobWords = 8;
/** Numbers of a result: what both sides explain (G^2/(H+lambda) of each, in quantised units), column, bin, missing goes left, gradient and hessian to the left, eight words of a category set. */
export const resultNumbers = 14;
/** Words of `control`: what the threads are told, and with what. */
export const controlWords = { epoch: 0, done: 1, jobs: 2, sampled: 3, command: 4, block: 5 } as const;
/** What `control[command]` tells the threads to do. */
export const commands = { level: 0, bin: 1, stop: 2 } as const;
/** Numbers of `settings`. */
export const settingNumbers = { lambda: 0, minWeight: 1, gradientUnit: 2, hessianUnit: 3, minGain: 4 } as const;

/** Cuts kept for a column. */
export const edgeNumbers = 256;

/** Bytes that a layout takes. */
export function arenaBytes(layout: ArenaLayout): number {
  return sections(layout).bytes;
}

/** Views over a buffer of at least `arenaBytes(layout)` bytes. */
export function viewArena(buffer: ArrayBufferLike, layout: ArenaLayout): TrainingArena {
  const { at, length } = sections(layout);
  return {
    buffer,
    layout,
    bins: new Uint8Array(buffer, at.bins, length.bins),
    order: new Int32Array(buffer, at.order, length.order),
    pairs: new Int32Array(buffer, at.pairs, length.pairs),
    ordered: new Int32Array(buffer, at.ordered, length.ordered),
    histograms: new Int32Array(buffer, at.histograms, length.histograms),
    binCounts: new Int32Array(buffer, at.binCounts, length.binCounts),
    offsets: new Int32Array(buffer, at.offsets, length.offsets),
    categorical: new Int32Array(buffer, at.categorical, length.categorical),
    sample: new Int32Array(buffer, at.sample, length.sample),
    jobs: new Int32Array(buffer, at.jobs, length.jobs),
    results: new Float64Array(buffer, at.results, length.results),
    control: new Int32Array(buffer, at.control, length.control),
    settings: new Float64Array(buffer, at.settings, length.settings),
    edges: new Float32Array(buffer, at.edges, length.edges),
    scratch: new Float32Array(buffer, at.scratch, length.scratch),
    descriptors: new Int32Array(buffer, at.descriptors, length.descriptors),
  };
}

/** Puts the columns' shapes and cuts into an arena. */
export function fillCuts(arena: TrainingArena, cuts: ColumnCuts): void {
  arena.binCounts.set(cuts.binCounts);
  arena.offsets.set(cuts.offsets);
  arena.categorical.set(cuts.categorical);
  arena.edges.fill(Number.POSITIVE_INFINITY);
  for (const [column, edges] of cuts.cuts.entries()) arena.edges.set(edges, column * edgeNumbers);
}

type Section = Exclude<keyof TrainingArena, 'buffer' | 'layout'>;

function sections(layout: ArenaLayout): {
  at: Record<Section, number>;
  length: Record<Section, number>;
  bytes: number;
} {
  const { rows, columns, totalBins, slots, threads } = layout;
  const length: Record<Section, number> = {
    settings: 8,
    control: 8,
    results: threads * slots * 2 * resultNumbers,
    histograms: slots * totalBins * 2,
    pairs: rows * 2,
    ordered: rows * 2,
    order: rows,
    jobs: slots * jobWords,
    sample: columns,
    binCounts: columns,
    offsets: columns + 1,
    categorical: columns,
    descriptors: threads * 8,
    edges: columns * edgeNumbers,
    scratch: rows * blockColumns,
    bins: rows * columns,
  };
  const sizes: Partial<Record<Section, number>> = { settings: 8, results: 8, bins: 1 };
  const at = { ...length };
  let bytes = 0;
  for (const name of sectionNames) {
    at[name] = bytes;
    bytes = Math.ceil((bytes + length[name] * (sizes[name] ?? 4)) / 64) * 64;
  }
  return { at, length, bytes };
}

const sectionNames: readonly Section[] = [
  'settings',
  'control',
  'results',
  'histograms',
  'pairs',
  'ordered',
  'order',
  'jobs',
  'sample',
  'binCounts',
  'offsets',
  'categorical',
  'descriptors',
  'edges',
  'scratch',
  'bins',
];
