import type { ColumnCuts } from './bin-columns.ts';
import { controlWords, jobWords, resultNumbers, type TrainingArena } from './training-arena.ts';
import type { GrownTree } from './tree-ensemble.ts';

/** Where a tree's rows ended: leaf by leaf, rows `order[start .. start + count)`. */
export interface GrownLeaf {
  node: number;
  start: number;
  count: number;
}

export interface GrownShape {
  tree: GrownTree;
  /** The bin (or nothing, for a categorical node) that each node splits after, for rows known only by their bins. */
  splitBin: number[];
  leaves: GrownLeaf[];
}

interface OpenNode extends GrownLeaf {
  slot: number;
  gradient: number;
  hessian: number;
}

/**
 * Grows one tree level by level over the rows in `order[0 .. count)` and their pairs. `runLevel` has all threads do the level in
 * `jobs` and returns when they are done. Leaf values are left at 0 for the caller to set.
 */
export function growTree(
  arena: TrainingArena,
  cuts: ColumnCuts,
  count: number,
  options: { depth: number; runLevel: () => void },
): GrownShape {
  const tree: GrownTree = {
    output: 0,
    feature: [],
    threshold: [],
    left: [],
    missingLeft: [],
    sets: [],
    value: [],
    cover: [],
  };
  const shape: GrownShape = { tree, splitBin: [], leaves: [] };
  const scratch = new Int32Array(count);
  const root: OpenNode = { node: addNode(shape, count), start: 0, count, slot: 0, gradient: 0, hessian: 0 };
  sumPairs(arena, root);
  // the root is counted like a smaller child; a pair holds the nodes whose histograms come of one job
  let pairs: { small: OpenNode; large?: OpenNode }[] = [{ small: root }];
  let free = Array.from({ length: arena.layout.slots - 1 }, (_, index) => arena.layout.slots - 1 - index);
  for (let depth = 0; depth < options.depth && pairs.length > 0; depth += 1) {
    writeJobs(arena, pairs);
    options.runLevel();
    const next: typeof pairs = [];
    for (const [job, pair] of pairs.entries()) {
      for (const [side, node] of [pair.small, pair.large].entries()) {
        if (node === undefined) continue;
        const split = bestSplit(arena, job * 2 + side);
        if (split === undefined) {
          shape.leaves.push(node);
          free.push(node.slot);
          continue;
        }
        const [left, right] = splitNode(arena, cuts, { shape, node, split, scratch });
        const [small, large] = left.count <= right.count ? [left, right] : [right, left];
        const slot = depth + 1 < options.depth ? free.pop() : undefined;
        if (slot === undefined) shape.leaves.push(left, right);
        else {
          small.slot = slot;
          next.push({ small, large });
        }
      }
    }
    pairs = next;
  }
  free = [];
  return shape;
}

function addNode({ tree, splitBin }: GrownShape, cover: number): number {
  tree.feature.push(-1);
  tree.threshold.push(0);
  tree.left.push(0);
  tree.missingLeft.push(0);
  tree.sets.push(null);
  tree.value.push(0);
  tree.cover.push(cover);
  return splitBin.push(0) - 1;
}

function sumPairs({ order, pairs }: TrainingArena, node: OpenNode): void {
  for (let at = node.start; at < node.start + node.count; at += 1) {
    node.hessian += pairs[order[at]! * 2]!;
    node.gradient += pairs[order[at]! * 2 + 1]!;
  }
}

function writeJobs(arena: TrainingArena, pairs: readonly { small: OpenNode; large?: OpenNode }[]): void {
  const { jobs, order, ordered, control } = arena;
  for (const [job, { small, large }] of pairs.entries()) {
    const words = [small.start, small.count, small.slot, large?.slot ?? -1, small.gradient, small.hessian];
    jobs.set([...words, large?.gradient ?? 0, large?.hessian ?? 0], job * jobWords);
    const from = arena.pairs;
    for (let at = small.start; at < small.start + small.count; at += 1) {
      const row = order[at]! * 2;
      ordered[at * 2] = from[row]!;
      ordered[at * 2 + 1] = from[row + 1]!;
    }
  }
  control[controlWords.jobs] = pairs.length;
}

interface Split {
  column: number;
  bin: number;
  missingLeft: number;
  gradient: number;
  hessian: number;
  set: Int32Array;
}

/** The best of what the threads found; the lower column where two are equal. */
function bestSplit({ results, layout }: TrainingArena, index: number): Split | undefined {
  let best = -1;
  for (let thread = 0; thread < layout.threads; thread += 1) {
    const at = (thread * layout.slots * 2 + index) * resultNumbers;
    if (results[at + 1]! >= 0 && (best < 0 || results[at]! > results[best]!)) best = at;
  }
  if (best < 0) return undefined;
  const [, column, bin, missingLeft, gradient, hessian] = results.subarray(best, best + 6);
  const set = Int32Array.from(results.subarray(best + 6, best + 14));
  return { column: column!, bin: bin!, missingLeft: missingLeft!, gradient: gradient!, hessian: hessian!, set };
}

function splitNode(
  arena: TrainingArena,
  cuts: ColumnCuts,
  { shape, node, split, scratch }: { shape: GrownShape; node: OpenNode; split: Split; scratch: Int32Array },
): [OpenNode, OpenNode] {
  const leftCount = partition(arena, node, split, scratch);
  const left = addNode(shape, leftCount);
  const right = addNode(shape, node.count - leftCount);
  const { tree } = shape;
  const edges = cuts.cuts[split.column]!;
  tree.feature[node.node] = split.column;
  tree.left[node.node] = left;
  tree.missingLeft[node.node] = split.missingLeft;
  // a split after the last bin parts only missing values from the rest
  tree.threshold[node.node] = split.bin < edges.length ? edges[split.bin]! : Number.POSITIVE_INFINITY;
  shape.splitBin[node.node] = split.bin;
  if (arena.categorical[split.column] === 1) tree.sets[node.node] = split.set;
  return [
    {
      node: left,
      start: node.start,
      count: leftCount,
      slot: node.slot,
      gradient: split.gradient,
      hessian: split.hessian,
    },
    {
      node: right,
      start: node.start + leftCount,
      count: node.count - leftCount,
      slot: node.slot,
      gradient: node.gradient - split.gradient,
      hessian: node.hessian - split.hessian,
    },
  ];
}

/** Rows that go left to the front, each side keeping its order. Returns how many they are. */
function partition(arena: TrainingArena, node: OpenNode, split: Split, scratch: Int32Array): number {
  const { order, layout } = arena;
  const bins = arena.bins.subarray(split.column * layout.rows, (split.column + 1) * layout.rows);
  const side = sidesOf(arena, split);
  let front = node.start;
  let back = 0;
  for (let at = node.start; at < node.start + node.count; at += 1) {
    const row = order[at]!;
    // written to both, kept by one: no branch to mispredict
    const goes = side[bins[row]!]!;
    order[front] = row;
    scratch[back] = row;
    front += goes;
    back += 1 - goes;
  }
  order.set(scratch.subarray(0, back), front);
  return front - node.start;
}

/** For each bin code of a column, 1 where a row with it goes left. */
export function sidesOf(
  arena: TrainingArena,
  split: Pick<Split, 'column' | 'bin' | 'missingLeft' | 'set'>,
): Uint8Array {
  const count = arena.binCounts[split.column]!;
  const side = new Uint8Array(256);
  const categorical = arena.categorical[split.column] === 1;
  for (let code = 0; code < count; code += 1)
    side[code] = (categorical ? (split.set[code >> 5]! >>> (code & 31)) & 1 : code <= split.bin ? 1 : 0) === 1 ? 1 : 0;
  side[count] = split.missingLeft;
  return side;
}
