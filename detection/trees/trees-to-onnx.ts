import type { OnnxModel } from '../contracts.ts';
import {
  encodeModel,
  floats,
  integers,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
} from '../onnx/encode-model.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** Nodes and constants that take the tensor `rows` to `sums`, [batch, outputs]. */
export interface OnnxTrees {
  nodes: OnnxNode[];
  constants: Record<string, OnnxTensor>;
}

/**
 * The raw sums of an ensemble in ONNX (TreeEnsembleRegressor of ai.onnx.ml 3). Categorical nodes ask a column of zeros and ones that is appended
 * to the rows: for each categorical feature a table of code by node is gathered, unknown codes in its last row.
 */
export function treesToOnnx(ensemble: TreeEnsemble, sums: string): OnnxTrees {
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

/** A file whose output `sums` [batch, outputs] is the raw sums: for regressors. */
export function sumsToOnnx(ensemble: TreeEnsemble): OnnxModel {
  const { nodes, constants } = treesToOnnx(ensemble, 'sums');
  return fileOf({
    name: 'trees',
    columns: ensemble.columns,
    outputs: ensemble.outputs,
    output: 'sums',
    nodes,
    constants,
  });
}

/** A file whose output `probabilities` is [batch, classes]: of margins through a sigmoid or softmax, of `shares` (a forest's mean) as they are. */
export function classifierToOnnx(ensemble: TreeEnsemble, sums: 'margins' | 'shares'): OnnxModel {
  const output = 'probabilities';
  const { nodes, constants } = treesToOnnx(ensemble, sums === 'shares' ? output : 'margins');
  if (sums === 'margins' && ensemble.outputs > 1)
    nodes.push({ op: 'Softmax', inputs: ['margins'], outputs: [output], attributes: { axis: { int: 1 } } });
  else if (sums === 'margins') {
    constants['one'] = floats([], [1]);
    nodes.push({ op: 'Sigmoid', inputs: ['margins'], outputs: ['positive'] });
    nodes.push({ op: 'Sub', inputs: ['one', 'positive'], outputs: ['negative'] });
    nodes.push({ op: 'Concat', inputs: ['negative', 'positive'], outputs: [output], attributes: { axis: { int: 1 } } });
  }
  const outputs = Math.max(2, ensemble.outputs);
  return fileOf({ name: 'trees', columns: ensemble.columns, outputs, output, nodes, constants });
}

function fileOf(of: OnnxTrees & { name: string; columns: number; outputs: number; output: string }): OnnxModel {
  const bytes = encodeModel({
    name: of.name,
    inputs: [{ name: 'rows', element: 'float', dims: ['batch', of.columns] }],
    outputs: [{ name: of.output, element: 'float', dims: ['batch', of.outputs] }],
    constants: of.constants,
    nodes: of.nodes,
  });
  return { bytes, input: 'rows', output: of.output };
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
function membershipColumns(ensemble: TreeEnsemble): OnnxTrees & { input: string; askedColumn: Int32Array } {
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
