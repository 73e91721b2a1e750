import type { Matrix } from '../matrix.ts';
import { inSet, requireColumns, type TreeEnsemble } from './tree-ensemble.ts';

/** Rows scored together: their values stay in the first cache while a tree passes over them. */
const block = 32;

/**
 * Sums of leaf values, rows x outputs, row-major, plus `base`. Cost: rows x trees x depth comparisons; with 100 trees of depth 6
 * over 300 columns a row takes a few microseconds (`node detection/trees/score-trees.bench.ts`).
 */
export function scoreTrees(ensemble: TreeEnsemble, rows: Matrix): Float64Array {
  requireColumns(rows, ensemble.columns);
  const sums = new Float64Array(rows.rows * ensemble.outputs);
  for (let r = 0; r < rows.rows; r += 1) sums.set(ensemble.base, r * ensemble.outputs);
  const plain = ensemble.categorySets.length === 0;
  const scratch = new Float32Array(block * ensemble.columns);
  for (let start = 0; start < rows.rows; start += block) {
    const count = Math.min(block, rows.rows - start);
    const values = rows.values.subarray(start * rows.columns, (start + count) * rows.columns);
    const single = values instanceof Float32Array ? values : narrow(values, scratch);
    for (let tree = 0; tree < ensemble.roots.length; tree += 1) {
      const part = { values: single, count, sums, at: start };
      if (plain) addPlainTree(ensemble, tree, part);
      else addTree(ensemble, tree, part);
    }
  }
  return sums;
}

interface Block {
  values: Float32Array;
  count: number;
  sums: Float64Array;
  at: number;
}

/** A loop of its own: `set` between arrays of different types is several times slower in V8. */
function narrow(values: Float64Array, into: Float32Array): Float32Array {
  for (let index = 0; index < values.length; index += 1) into[index] = values[index]!;
  return into;
}

function addPlainTree(ensemble: TreeEnsemble, tree: number, part: Block): void {
  const { feature, threshold, left, missingLeft, columns } = ensemble;
  const { values, count } = part;
  const root = ensemble.roots[tree]!;
  for (let r = 0; r < count; r += 1) {
    const row = r * columns;
    let node = root;
    for (let column = feature[node]!; column >= 0; column = feature[node]!) {
      const value = values[row + column]!;
      const right = value <= threshold[node]! ? 0 : 1;
      // NaN compares false, so it went right; only then is the default direction looked up
      node = left[node]! + (Number.isNaN(value) ? 1 - missingLeft[node]! : right);
    }
    addLeaf(ensemble, { tree, node }, part.sums, (part.at + r) * ensemble.outputs);
  }
}

function addTree(ensemble: TreeEnsemble, tree: number, part: Block): void {
  const { feature, threshold, left, missingLeft, categories, columns } = ensemble;
  for (let r = 0; r < part.count; r += 1) {
    let node = ensemble.roots[tree]!;
    for (let column = feature[node]!; column >= 0; column = feature[node]!) {
      const value = part.values[r * columns + column]!;
      const set = categories[node]!;
      const missing = Number.isNaN(value) || (set >= 0 && (value < 0 || value > 255));
      const goes = set < 0 ? value <= threshold[node]! : inSet(ensemble.categorySets, set, value);
      node = left[node]! + (missing ? 1 - missingLeft[node]! : goes ? 0 : 1);
    }
    addLeaf(ensemble, { tree, node }, part.sums, (part.at + r) * ensemble.outputs);
  }
}

function addLeaf(ensemble: TreeEnsemble, leaf: { tree: number; node: number }, sums: Float64Array, at: number): void {
  const { width, value } = ensemble;
  if (width === 1) {
    const output = at + ensemble.treeOutput[leaf.tree]!;
    sums[output] = sums[output]! + value[leaf.node]!;
    return;
  }
  for (let k = 0; k < width; k += 1) sums[at + k] = sums[at + k]! + value[leaf.node * width + k]!;
}
