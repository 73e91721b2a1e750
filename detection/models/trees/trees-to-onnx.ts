import type { OnnxModel } from '../contracts.ts';
import {
  floats,
  integers,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
  type OnnxPart,
} from '../onnx/encode-model.ts';
import { fileOf, wideFileOf, widened } from '../onnx/graph-part.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/**
 * The raw sums of an ensemble in ONNX (TreeEnsembleRegressor of ai.onnx.ml 3). Categorical nodes ask a column of zeros and ones that is appended
 * to the rows: for each categorical feature a table of code by node is gathered, unknown codes in its last row.
 */
export function treesToOnnx(ensemble: TreeEnsemble, sums: string): OnnxPart {
  const { nodes, constants, input, askedColumn } = membershipColumns(ensemble);
  nodes.push({
    op: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs: [sums],
    attributes: treeAttributes(ensemble, askedColumn),
  });
  return { nodes, constants };
}

/**
 * The same from `rows` to `sums` in doubles (TreeEnsemble of ai.onnx.ml 5): equal to the native sums but for the order of adding, for models that go on
 * to work on them.
 */
export function wideTreesToOnnx(ensemble: TreeEnsemble): OnnxPart {
  const { nodes, constants, input, askedColumn } = membershipColumns(ensemble);
  constants['base'] = floats([1, ensemble.outputs], ensemble.base);
  nodes.push(
    {
      op: 'TreeEnsemble',
      domain: 'ai.onnx.ml',
      inputs: [input],
      outputs: ['grown'],
      attributes: wideTreeAttributes(ensemble, askedColumn),
    },
    { op: 'Add', inputs: ['grown', 'base'], outputs: ['sums'] },
  );
  return widened({ nodes, constants });
}

/** Inner nodes and leaves are numbered apart; a tree that is one leaf becomes a question with that leaf as both answers. */
function wideTreeAttributes(ensemble: TreeEnsemble, askedColumn: Int32Array): Record<string, OnnxAttribute> {
  const { feature, left, width, outputs, roots } = ensemble;
  const isLeaf = (node: number): boolean => feature[node]! < 0;
  const all = Array.from(feature.keys());
  const single = new Set(Array.from(roots).filter(isLeaf));
  const asking = all.filter((node) => !isLeaf(node) || single.has(node));
  const numberOf = new Int32Array(feature.length);
  for (const [number, node] of asking.entries()) numberOf[node] = number;
  const leafOf = new Int32Array(feature.length);
  const leaves = all.filter(isLeaf);
  for (const [number, node] of leaves.entries()) leafOf[node] = number;
  if (width > 1) throw new RangeError('a leaf of many values has no wide form');
  const childOf = (node: number, side: number): number => (single.has(node) ? node : left[node]! + side);
  const side = (which: number): { ids: OnnxAttribute; leafs: OnnxAttribute } => {
    const children = asking.map((node) => childOf(node, which));
    return {
      ids: { ints: children.map((child) => (isLeaf(child) ? leafOf[child]! : numberOf[child]!)) },
      leafs: { ints: children.map((child) => (isLeaf(child) ? 1 : 0)) },
    };
  };
  const [yes, no] = [side(0), side(1)];
  const treeOf = new Int32Array(feature.length);
  for (const [tree, root] of roots.entries()) treeOf.fill(tree, root, roots[tree + 1]);
  const splits = asking.map((node) =>
    isLeaf(node) ? 0 : ensemble.categories[node]! < 0 ? ensemble.threshold[node]! : 0.5,
  );
  const leafValues = leaves.map((node) => ensemble.value[node]!);
  return {
    n_targets: { int: outputs },
    aggregate_function: { int: 1 },
    post_transform: { int: 0 },
    tree_roots: { ints: Array.from(roots, (root) => numberOf[root]!) },
    nodes_featureids: { ints: asking.map((node) => (isLeaf(node) ? 0 : askedColumn[node]!)) },
    nodes_modes: { tensor: { element: 'uint8', dims: [asking.length], values: asking.map(() => 0) } },
    nodes_splits: { tensor: { element: 'double', dims: [asking.length], values: splits } },
    nodes_truenodeids: yes.ids,
    nodes_trueleafs: yes.leafs,
    nodes_falsenodeids: no.ids,
    nodes_falseleafs: no.leafs,
    nodes_missing_value_tracks_true: { ints: asking.map((node) => ensemble.missingLeft[node]!) },
    leaf_targetids: { ints: leaves.map((node) => ensemble.treeOutput[treeOf[node]!]!) },
    leaf_weights: { tensor: { element: 'double', dims: [leaves.length], values: leafValues } },
  };
}

/** A file whose output `sums` [batch, outputs] is the raw sums: for regressors, whose values may be large, so that they are added up in doubles. */
export function sumsToOnnx(ensemble: TreeEnsemble): OnnxModel {
  return wideFileOf(wideTreesToOnnx(ensemble), {
    name: 'trees',
    input: [ensemble.columns],
    output: 'sums',
    outputs: [ensemble.outputs],
  });
}

/** A file whose output `probabilities` is [batch, classes]: of margins through a sigmoid or softmax, of `shares` (a forest's mean) as they are. */
export function classifierToOnnx(ensemble: TreeEnsemble, sums: 'margins' | 'shares'): OnnxModel {
  const output = 'probabilities';
  const { nodes, constants } = treesToOnnx(ensemble, sums === 'shares' ? output : 'margins');
  if (sums === 'margins') addProbabilities(ensemble, 'margins', { nodes, constants });
  const outputs = Math.max(2, ensemble.outputs);
  return fileOf({ nodes, constants }, { name: 'trees', input: [ensemble.columns], output, outputs: [outputs] });
}

/** The probabilities of margins from `rows` to `probabilities`, [batch, classes], in doubles. */
export function probabilitiesToOnnx(ensemble: TreeEnsemble): OnnxPart {
  const part = wideTreesToOnnx(ensemble);
  addProbabilities(ensemble, 'sums', part);
  return widened(part);
}

/** From margins to `probabilities`: a softmax, or for two classes a sigmoid and what it leaves. */
function addProbabilities(ensemble: TreeEnsemble, margins: string, { nodes, constants }: OnnxPart): void {
  const outputs = ['probabilities'];
  if (ensemble.outputs > 1) {
    nodes.push({ op: 'Softmax', inputs: [margins], outputs, attributes: { axis: { int: 1 } } });
    return;
  }
  constants['one'] = floats([], [1]);
  nodes.push(
    { op: 'Sigmoid', inputs: [margins], outputs: ['positive'] },
    { op: 'Sub', inputs: ['one', 'positive'], outputs: ['negative'] },
    { op: 'Concat', inputs: ['negative', 'positive'], outputs, attributes: { axis: { int: 1 } } },
  );
}

function treeAttributes(ensemble: TreeEnsemble, askedColumn: Int32Array): Record<string, OnnxAttribute> {
  const { feature, left, missingLeft, width, outputs } = ensemble;
  const nodes = feature.length;
  const trees = new Int32Array(nodes);
  const ids = new Int32Array(nodes);
  for (let tree = 0; tree < ensemble.roots.length; tree += 1) {
    const from = ensemble.roots[tree]!;
    const to = tree + 1 < ensemble.roots.length ? ensemble.roots[tree + 1]! : nodes;
    for (let node = from; node < to; node += 1) [trees[node], ids[node]] = [tree, node - from];
  }
  const leaf = (node: number): boolean => feature[node]! < 0;
  const leaves = Array.from(feature.keys()).filter(leaf);
  const targets = leaves.flatMap((node) => Array.from({ length: width }, (_, k) => ({ node, k })));
  const childOf = (node: number, side: number): number => (leaf(node) ? 0 : ids[left[node]! + side]!);
  const all = Array.from(feature.keys());
  return {
    n_targets: { int: outputs },
    base_values: { floats: ensemble.base },
    nodes_treeids: { ints: trees },
    nodes_nodeids: { ints: ids },
    nodes_featureids: { ints: all.map((node) => (leaf(node) ? 0 : askedColumn[node]!)) },
    nodes_values: {
      floats: all.map((node) => (leaf(node) ? 0 : ensemble.categories[node]! < 0 ? ensemble.threshold[node]! : 0.5)),
    },
    nodes_modes: { texts: all.map((node) => (leaf(node) ? 'LEAF' : 'BRANCH_LEQ')) },
    nodes_truenodeids: { ints: all.map((node) => childOf(node, 0)) },
    nodes_falsenodeids: { ints: all.map((node) => childOf(node, 1)) },
    nodes_missing_value_tracks_true: { ints: missingLeft },
    target_treeids: { ints: targets.map(({ node }) => trees[node]!) },
    target_nodeids: { ints: targets.map(({ node }) => ids[node]!) },
    target_ids: { ints: targets.map(({ node, k }) => (width === 1 ? ensemble.treeOutput[trees[node]!]! : k)) },
    target_weights: { floats: targets.map(({ node, k }) => ensemble.value[node * width + k]!) },
  };
}

/** For each node the column it asks, after one column for each categorical node was appended: 0 for "in the set", 1 for not. */
function membershipColumns(ensemble: TreeEnsemble): OnnxPart & { input: string; askedColumn: Int32Array } {
  const askedColumn = Int32Array.from(ensemble.feature);
  const nodes: OnnxNode[] = [];
  const constants: Record<string, OnnxTensor> = {};
  const groups = Map.groupBy(
    Array.from(ensemble.feature.keys()).filter((node) => ensemble.categories[node]! >= 0),
    (node) => ensemble.feature[node]!,
  );
  if (groups.size === 0) return { nodes, constants, input: 'rows', askedColumn };
  const parts = ['rows'];
  let next = ensemble.columns;
  constants['unknown'] = floats([], [256]);
  constants['below'] = floats([], [-0.5]);
  constants['above'] = floats([], [255.5]);
  for (const [column, asking] of groups) {
    const table = new Float32Array(257 * asking.length);
    for (const [k, node] of asking.entries()) {
      askedColumn[node] = next + k;
      const at = ensemble.categories[node]!;
      for (let code = 0; code < 256; code += 1)
        table[code * asking.length + k] = 1 - ((ensemble.categorySets[at + (code >> 5)]! >>> (code & 31)) & 1);
      table[256 * asking.length + k] = 1 - ensemble.missingLeft[node]!;
    }
    const name = (part: string): string => `${part}_${column}`;
    constants[name('column')] = integers([], [column]);
    constants[name('table')] = floats([257, asking.length], table);
    nodes.push(
      { op: 'Gather', inputs: ['rows', name('column')], outputs: [name('code')], attributes: { axis: { int: 1 } } },
      { op: 'Greater', inputs: [name('code'), 'below'], outputs: [name('above')] },
      { op: 'Less', inputs: [name('code'), 'above'], outputs: [name('below')] },
      { op: 'And', inputs: [name('above'), name('below')], outputs: [name('known')] },
      { op: 'Where', inputs: [name('known'), name('code'), 'unknown'], outputs: [name('index')] },
      { op: 'Cast', inputs: [name('index')], outputs: [name('whole')], attributes: { to: { int: 7 } } },
      {
        op: 'Gather',
        inputs: [name('table'), name('whole')],
        outputs: [name('member')],
        attributes: { axis: { int: 0 } },
      },
    );
    parts.push(name('member'));
    next += asking.length;
  }
  nodes.push({ op: 'Concat', inputs: parts, outputs: ['asked'], attributes: { axis: { int: 1 } } });
  return { nodes, constants, input: 'asked', askedColumn };
}
