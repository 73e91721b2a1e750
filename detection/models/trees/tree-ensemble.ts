import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Matrix } from '../matrix.ts';

/**
 * Decision trees kept flat. A node is an index: `feature` -1 marks a leaf; else a row goes to `left` when its value is at most
 * `threshold` (both as float32, so that the ONNX file decides alike), to `left + 1` when it is more, and where `missingLeft`
 * says when it is NaN. Where `categories` is not -1 the node asks instead whether the value, a whole number in [0, 255], is in
 * the 256-bit set that starts there in `categorySets`; an unknown one counts as missing.
 * A leaf holds `width` values: one, which is added to output `treeOutput`, or one for each output.
 */
export interface TreeEnsemble {
  readonly columns: number;
  readonly outputs: number;
  readonly width: number;
  readonly base: Float64Array;
  readonly roots: Int32Array;
  readonly treeOutput: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly categories: Int32Array;
  readonly categorySets: Int32Array;
  readonly value: Float64Array;
  /** Training rows that came through each node (weights summed): what TreeSHAP takes expectations with. */
  readonly cover: Float64Array;
}

/** One tree as it grows: nodes in parallel lists, the root first. */
export interface GrownTree {
  output: number;
  feature: number[];
  threshold: number[];
  left: number[];
  missingLeft: number[];
  /** Eight words for each categorical node, null for the others. */
  sets: (Int32Array | null)[];
  /** `width` values a node. */
  value: number[];
  cover: number[];
}

/** The trees in one ensemble, in order. Leaf values are rounded to float32, as an ONNX file would hold them. */
export function ensembleOf(
  trees: readonly GrownTree[],
  shape: { columns: number; base: readonly number[]; width: number },
): TreeEnsemble {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const ensemble: TreeEnsemble = {
    columns: shape.columns,
    outputs: shape.base.length,
    width: shape.width,
    base: Float64Array.from(shape.base, Math.fround),
    roots: new Int32Array(trees.length),
    treeOutput: Int32Array.from(trees, (tree) => tree.output),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    categories: new Int32Array(nodes).fill(-1),
    categorySets: new Int32Array(
      trees.reduce((sum, tree) => sum + tree.sets.filter((set) => set !== null).length, 0) * 8,
    ),
    value: new Float64Array(nodes * shape.width),
    cover: new Float64Array(nodes),
  };
  let at = 0;
  let setAt = 0;
  for (const [index, tree] of trees.entries()) {
    ensemble.roots[index] = at;
    for (let node = 0; node < tree.feature.length; node += 1) {
      ensemble.feature[at + node] = tree.feature[node]!;
      ensemble.threshold[at + node] = tree.threshold[node]!;
      ensemble.left[at + node] = tree.left[node]! + at;
      ensemble.missingLeft[at + node] = tree.missingLeft[node]!;
      ensemble.cover[at + node] = tree.cover[node]!;
      for (let k = 0; k < shape.width; k += 1)
        ensemble.value[(at + node) * shape.width + k] = Math.fround(tree.value[node * shape.width + k]!);
      const set = tree.sets[node];
      if (set === null || set === undefined) continue;
      ensemble.categories[at + node] = setAt;
      ensemble.categorySets.set(set, setAt);
      setAt += 8;
    }
    at += tree.feature.length;
  }
  return ensemble;
}

/** Whether a value goes left at a node. */
export function goesLeft(ensemble: TreeEnsemble, node: number, value: number): boolean {
  const set = ensemble.categories[node]!;
  if (Number.isNaN(value)) return ensemble.missingLeft[node] === 1;
  if (set < 0) return Math.fround(value) <= ensemble.threshold[node]!;
  if (value < 0 || value > 255) return ensemble.missingLeft[node] === 1;
  return inSet(ensemble.categorySets, set, value);
}

/** Whether a code in [0, 255] is in the set of 256 bits that starts at a word. */
export function inSet(sets: Int32Array, at: number, code: number): boolean {
  return ((sets[at + (code >> 5)]! >>> (code & 31)) & 1) === 1;
}

/** Refuses rows of another width. */
export function requireColumns(rows: Matrix, columns: number): void {
  if (rows.columns !== columns)
    throw new CerebroError('INPUT_INVALID', `the model takes ${columns} columns, the rows have ${rows.columns}`);
}

const base64 = z.string();
const ensembleJson = z.object({
  columns: z.int(),
  outputs: z.int(),
  width: z.int(),
  base: base64,
  roots: base64,
  treeOutput: base64,
  feature: base64,
  threshold: base64,
  left: base64,
  missingLeft: base64,
  categories: base64,
  categorySets: base64,
  value: base64,
  cover: base64,
});

/** The ensemble as plain JSON, arrays as base64 of their little-endian bytes. */
export function ensembleToJson(ensemble: TreeEnsemble): z.infer<typeof ensembleJson> {
  const text = (array: ArrayBufferView): string =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
  const { columns, outputs, width, ...arrays } = ensemble;
  return {
    columns,
    outputs,
    width,
    base: text(arrays.base),
    roots: text(arrays.roots),
    treeOutput: text(arrays.treeOutput),
    feature: text(arrays.feature),
    threshold: text(arrays.threshold),
    left: text(arrays.left),
    missingLeft: text(arrays.missingLeft),
    categories: text(arrays.categories),
    categorySets: text(arrays.categorySets),
    value: text(arrays.value),
    cover: text(arrays.cover),
  };
}

/** Back from JSON; throws INPUT_INVALID on what is not an ensemble. */
export function ensembleFromJson(json: unknown): TreeEnsemble {
  const parsed = ensembleJson.safeParse(json);
  if (!parsed.success) throw new CerebroError('INPUT_INVALID', `not a tree ensemble: ${parsed.error.message}`);
  const bytes = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer;
  const { columns, outputs, width, ...arrays } = parsed.data;
  return {
    columns,
    outputs,
    width,
    base: new Float64Array(bytes(arrays.base)),
    roots: new Int32Array(bytes(arrays.roots)),
    treeOutput: new Int32Array(bytes(arrays.treeOutput)),
    feature: new Int32Array(bytes(arrays.feature)),
    threshold: new Float32Array(bytes(arrays.threshold)),
    left: new Int32Array(bytes(arrays.left)),
    missingLeft: new Uint8Array(bytes(arrays.missingLeft)),
    categories: new Int32Array(bytes(arrays.categories)),
    categorySets: new Int32Array(bytes(arrays.categorySets)),
    value: new Float64Array(bytes(arrays.value)),
    cover: new Float64Array(bytes(arrays.cover)),
  };
}
