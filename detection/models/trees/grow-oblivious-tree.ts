import type { ColumnCuts } from './bin-columns.ts';
import type { GrownTree } from './tree-ensemble.ts';

/** What all nodes of a level ask: whether the column's bin is at most this one. */
export interface Question {
  column: number;
  bin: number;
}

/** Binned rows, the leaf each is in so far, and their derivatives. */
export interface LevelRows {
  bins: Uint8Array;
  cuts: ColumnCuts;
  leaves: Int32Array;
  gradient: Float64Array;
  hessian: Float64Array;
}

/** The question that gains most over all leaves together; undefined when none gains anything. */
export function levelSplit(
  rows: LevelRows,
  { columns, level, lambda }: { columns: readonly number[]; level: number; lambda: number },
): Question | undefined {
  const count = rows.leaves.length;
  const size = 2 ** level;
  let best: (Question & { gain: number }) | undefined;
  const floor = leavesGain(rows, size, lambda) + 1e-9;
  for (const column of columns) {
    const width = rows.cuts.binCounts[column]! + 1;
    const sums = new Float64Array(size * width * 2);
    for (let row = 0; row < count; row += 1) {
      const at = (rows.leaves[row]! * width + rows.bins[column * count + row]!) * 2;
      sums[at] = sums[at]! + rows.gradient[row]!;
      sums[at + 1] = sums[at + 1]! + rows.hessian[row]!;
    }
    const gains = new Float64Array(width - 1);
    for (let leaf = 0; leaf < size; leaf += 1)
      addGains(gains, sums.subarray(leaf * width * 2, (leaf + 1) * width * 2), lambda);
    for (const [bin, gain] of gains.entries()) if (gain > (best?.gain ?? floor)) best = { column, bin, gain };
  }
  return best;
}

/** Moves each row one level down: leaf 2k + 1 for a no, 2k for a yes. */
export function leafOfRows({ bins, leaves }: Pick<LevelRows, 'bins' | 'leaves'>, { column, bin }: Question): void {
  const base = column * leaves.length;
  for (let row = 0; row < leaves.length; row += 1) leaves[row] = leaves[row]! * 2 + (bins[base + row]! <= bin ? 0 : 1);
}

/** The full binary tree of the questions. Empty leaves count a thousandth of a row, so that expectations are defined. */
export function obliviousTree(
  questions: readonly Question[],
  cuts: ColumnCuts,
  leaf: { values: Float64Array; cover: Float64Array },
): GrownTree {
  const depth = questions.length;
  const inner = 2 ** depth - 1;
  const nodes = inner + 2 ** depth;
  const tree: GrownTree = {
    output: 0,
    feature: Array.from({ length: nodes }, () => -1),
    threshold: Array.from({ length: nodes }, () => 0),
    left: Array.from({ length: nodes }, () => 0),
    missingLeft: Array.from({ length: nodes }, () => 0),
    sets: Array.from({ length: nodes }, () => null),
    value: Array.from({ length: nodes }, (_, node) => (node < inner ? 0 : leaf.values[node - inner]!)),
    cover: Array.from({ length: nodes }, (_, node) => (node < inner ? 0 : Math.max(leaf.cover[node - inner]!, 1e-3))),
  };
  for (let node = inner - 1; node >= 0; node -= 1) {
    const { column, bin } = questions[Math.floor(Math.log2(node + 1))]!;
    const edges = cuts.cuts[column]!;
    tree.feature[node] = column;
    tree.threshold[node] = bin < edges.length ? edges[bin]! : Number.POSITIVE_INFINITY;
    tree.left[node] = node * 2 + 1;
    tree.cover[node] = tree.cover[node * 2 + 1]! + tree.cover[node * 2 + 2]!;
  }
  return tree;
}

function addGains(gains: Float64Array, sums: Float64Array, lambda: number): void {
  let [allG, allH, gradient, hessian] = [0, 0, 0, 0];
  for (let at = 0; at < sums.length; at += 2) {
    allG += sums[at]!;
    allH += sums[at + 1]!;
  }
  for (let bin = 0; bin < gains.length; bin += 1) {
    gradient += sums[bin * 2]!;
    hessian += sums[bin * 2 + 1]!;
    const [restG, restH] = [allG - gradient, allH - hessian];
    gains[bin] = gains[bin]! + gradient ** 2 / (hessian + lambda) + restG ** 2 / (restH + lambda);
  }
}

function leavesGain({ leaves, gradient, hessian }: LevelRows, size: number, lambda: number): number {
  const [g, h] = [new Float64Array(size), new Float64Array(size)];
  for (const [row, leaf] of leaves.entries()) {
    g[leaf]! += gradient[row]!;
    h[leaf]! += hessian[row]!;
  }
  return g.reduce((sum, own, leaf) => sum + own ** 2 / (h[leaf]! + lambda), 0);
}
