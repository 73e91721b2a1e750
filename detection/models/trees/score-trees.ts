import type { Matrix } from '../matrix.ts';
import { createWalkKernel, type FullTrees, type WalkKernel } from './wasm/walk-kernel.ts';
import { inSet, requireColumns, type TreeEnsemble } from './tree-ensemble.ts';

/** Rows scored together: their values stay in the first cache while a tree passes over them. */
const block = 64;
/** Deepest tree that is laid out as a full binary tree. */
const deepestFull = 10;
/** From so many rows on the kernel pays. */
const kernelRows = 256;

/** Sums of leaf values plus `base`, rows x outputs, row-major. */
export type TreeScorer = (rows: Matrix) => Float64Array;

/**
 * A scorer that is made once and asked often. Trees of one value a leaf and without categories are laid out as full binary trees, whose
 * walk has no branch to mispredict, and many rows are walked in WebAssembly; rows with missing values and other trees take the plain walk.
 * All give the same sums. 100 trees of depth 6 over 300 columns: `npx vitest run --config vitest.bench.config.ts detection/models/trees`.
 */
export function createTreeScorer(ensemble: TreeEnsemble): TreeScorer {
  const full = ensemble.width === 1 && ensemble.categorySets.length === 0 ? fullTreesOf(ensemble) : undefined;
  let kernel: WalkKernel | undefined;
  return (rows) => {
    requireColumns(rows, ensemble.columns);
    const { columns, outputs } = ensemble;
    const sums = new Float64Array(rows.rows * outputs);
    const size = Math.min(block, rows.rows);
    const scratch = rows.values instanceof Float32Array ? new Float32Array(0) : new Float32Array(size * columns);
    if (full !== undefined && rows.rows >= kernelRows) kernel ??= createWalkKernel(full, { columns, block, outputs });
    for (let start = 0; start < rows.rows; start += block) {
      const count = Math.min(block, rows.rows - start);
      const values = rows.values.subarray(start * columns, (start + count) * columns);
      const part = { values: narrowed(values, scratch), count, sums, at: start };
      for (let at = start * outputs; at < (start + count) * outputs; at += 1) sums[at] = ensemble.base[at % outputs]!;
      if (full === undefined || hasMissing(part.values, count * columns))
        for (let tree = 0; tree < ensemble.roots.length; tree += 1) addTree(ensemble, tree, part);
      else if (kernel !== undefined && rows.rows >= kernelRows) walkKernel(ensemble, kernel, part);
      else walkFull(ensemble, full, part);
    }
    return sums;
  };
}

/** Scores once; see `createTreeScorer`. */
export function scoreTrees(ensemble: TreeEnsemble, rows: Matrix): Float64Array {
  return createTreeScorer(ensemble)(rows);
}

interface Block {
  values: Float32Array;
  count: number;
  sums: Float64Array;
  /** Index of the first row in `sums`. */
  at: number;
}

function fullTreesOf(ensemble: TreeEnsemble): FullTrees | undefined {
  const depth = depthOf(ensemble);
  if (depth > deepestFull || depth === 0) return undefined;
  const size = 2 ** depth;
  const trees = ensemble.roots.length;
  const full: FullTrees = {
    depth,
    trees,
    features: new Int32Array(trees * size),
    thresholds: new Float32Array(trees * size).fill(Number.POSITIVE_INFINITY),
    leaves: new Float64Array(trees * size),
  };
  const place = (tree: number, at: number, node: number): void => {
    const feature = ensemble.feature[node]!;
    if (at >= size) {
      full.leaves[tree * size + at - size] = ensemble.value[node]!;
      return;
    }
    if (feature >= 0) {
      full.features[tree * size + at] = feature;
      full.thresholds[tree * size + at] = ensemble.threshold[node]!;
    }
    const left = feature < 0 ? node : ensemble.left[node]!;
    place(tree, at * 2, left);
    place(tree, at * 2 + 1, feature < 0 ? node : left + 1);
  };
  for (const [tree, root] of ensemble.roots.entries()) place(tree, 1, root);
  return full;
}

function depthOf({ feature, left, roots }: TreeEnsemble): number {
  const depths = new Int32Array(feature.length);
  let deepest = 0;
  // children stand behind their parents
  for (let node = 0; node < feature.length; node += 1) {
    if (feature[node]! < 0) deepest = Math.max(deepest, depths[node]!);
    else depths[left[node]!] = depths[left[node]! + 1] = depths[node]! + 1;
  }
  return roots.length === 0 ? 0 : deepest;
}

/** The walk in plain TypeScript: for few rows, where filling a kernel's memory would cost more. */
function walkFull(ensemble: TreeEnsemble, full: FullTrees, part: Block): void {
  const { features, thresholds, leaves, depth } = full;
  const { values, count, sums } = part;
  const { columns, outputs, treeOutput } = ensemble;
  const size = 2 ** depth;
  for (let tree = 0; tree < treeOutput.length; tree += 1) {
    const base = tree * size;
    let at = part.at * outputs + treeOutput[tree]!;
    let row = 0;
    for (let r = 0; r < count; r += 1, row += columns, at += outputs) {
      let node = 1;
      for (let level = 0; level < depth; level += 1)
        node = 2 * node + (values[row + features[base + node]!]! <= thresholds[base + node]! ? 0 : 1);
      sums[at] = sums[at]! + leaves[base + node - size]!;
    }
  }
}

/** The walk in WebAssembly: a block of rows is copied in, its sums are copied out. */
function walkKernel(ensemble: TreeEnsemble, kernel: WalkKernel, part: Block): void {
  const { outputs, treeOutput, columns } = ensemble;
  kernel.rows.set(part.values.subarray(0, part.count * columns));
  const sums = part.sums.subarray(part.at * outputs, (part.at + part.count) * outputs);
  kernel.sums.set(sums);
  for (let tree = 0; tree < treeOutput.length; tree += 1)
    kernel.walk(tree, part.count, { first: treeOutput[tree]!, stride: outputs });
  sums.set(kernel.sums.subarray(0, sums.length));
}

function addTree(ensemble: TreeEnsemble, tree: number, part: Block): void {
  const { feature, threshold, left, missingLeft, categories, columns, width, value: values, outputs } = ensemble;
  for (let r = 0; r < part.count; r += 1) {
    let node = ensemble.roots[tree]!;
    for (let column = feature[node]!; column >= 0; column = feature[node]!) {
      const value = part.values[r * columns + column]!;
      const set = categories[node]!;
      const missing = Number.isNaN(value) || (set >= 0 && (value < 0 || value > 255));
      const goes = set < 0 ? value <= threshold[node]! : inSet(ensemble.categorySets, set, value);
      node = left[node]! + (missing ? 1 - missingLeft[node]! : goes ? 0 : 1);
    }
    const at = (part.at + r) * outputs + (width === 1 ? ensemble.treeOutput[tree]! : 0);
    for (let k = 0; k < width; k += 1) part.sums[at + k] = part.sums[at + k]! + values[node * width + k]!;
  }
}

function hasMissing(values: Float32Array, length: number): boolean {
  // a value less itself is 0 but for NaN (and infinities, which the plain walk takes as well): one sum instead of a test for each
  let sum = 0;
  for (let at = 0; at < length; at += 1) sum += values[at]! - values[at]!;
  return sum !== 0;
}

/** A loop of its own: `set` between arrays of different types is several times slower in V8. */
function narrowed(values: Float64Array | Float32Array, into: Float32Array): Float32Array {
  if (values instanceof Float32Array) return values;
  for (let index = 0; index < values.length; index += 1) into[index] = values[index]!;
  return into;
}
