import {
  add,
  addDouble,
  assemble,
  constant,
  get,
  greaterSingle,
  loadDouble,
  loadInteger,
  loadSingle,
  pageBytes,
  repeatWhile,
  set,
  shiftLeft,
  storeDouble,
  type Code,
  type WasmFunction,
} from './assemble.ts';

/** Trees as full binary trees: node 1 is the root, the children of i are 2i and 2i + 1; a right turn is a value above the threshold. */
export interface FullTrees {
  depth: number;
  trees: number;
  /** 2^depth nodes a tree, index 0 unused. */
  features: Int32Array;
  thresholds: Float32Array;
  /** 2^depth values a tree. */
  leaves: Float64Array;
}

/** Where a walk reads its rows and adds its sums: views over the kernel's own memory, filled and emptied by the caller. */
export interface WalkKernel {
  readonly rows: Float32Array;
  readonly sums: Float64Array;
  /** Adds one tree's leaf of each of the first `count` rows to every `stride`-th sum from `first` on. */
  walk(tree: number, count: number, sums: { first: number; stride: number }): void;
}

/** A walk in WebAssembly over at most `block` rows at a time. No value may be NaN. */
export function createWalkKernel(
  trees: FullTrees,
  shape: { columns: number; block: number; outputs: number },
): WalkKernel {
  const cells = trees.trees * 2 ** trees.depth;
  const at = { nodes: 0, leaves: cells * 8, sums: cells * 16, rows: cells * 16 + shape.block * shape.outputs * 8 };
  const bytes = at.rows + shape.block * shape.columns * 4;
  const pages = { initial: Math.ceil(bytes / pageBytes), maximum: Math.ceil(bytes / pageBytes), shared: false };
  const memory = new WebAssembly.Memory({ initial: pages.initial, maximum: pages.maximum });
  const integers = new Int32Array(memory.buffer, at.nodes, cells * 2);
  const singles = new Float32Array(memory.buffer, at.nodes, cells * 2);
  for (let node = 0; node < cells; node += 1) {
    integers[node * 2] = trees.features[node]! * 4;
    singles[node * 2 + 1] = trees.thresholds[node]!;
  }
  new Float64Array(memory.buffer, at.leaves, cells).set(trees.leaves);
  const walk = assemble([walkTree(trees.depth)], { memory, pages })['walk']!;
  const width = 2 ** trees.depth * 8;
  return {
    rows: new Float32Array(memory.buffer, at.rows, shape.block * shape.columns),
    sums: new Float64Array(memory.buffer, at.sums, shape.block * shape.outputs),
    walk: (tree, count, { first, stride }) =>
      // a leaf's node number starts at 2^depth, so the leaves are addressed from that much before
      walk(
        at.nodes + tree * width,
        at.leaves + tree * width - width,
        at.rows,
        shape.columns * 4,
        at.sums + first * 8,
        stride * 8,
        count,
      ),
  };
}

/** walk(nodes, leaves, rows, bytes of a row, sums, bytes from sum to sum, count): the levels are written out, so nothing in it is guessed. */
function walkTree(depth: number): WasmFunction {
  const [nodes, leaves, row, rowBytes, sum, sumBytes, count, node, address] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const turn: Code = [
    set(address, add(get(nodes), shiftLeft(get(node), 3))),
    set(
      node,
      add(
        shiftLeft(get(node), 1),
        greaterSingle(loadSingle(add(get(row), loadInteger(get(address)))), loadSingle(get(address), 4)),
      ),
    ),
  ];
  return {
    name: 'walk',
    parameters: 7,
    integers: 2,
    code: [
      repeatWhile(
        [
          set(node, constant(1)),
          Array.from({ length: depth }, () => turn),
          storeDouble(get(sum), addDouble(loadDouble(get(sum)), loadDouble(add(get(leaves), shiftLeft(get(node), 3))))),
          set(row, add(get(row), get(rowBytes))),
          set(sum, add(get(sum), get(sumBytes))),
          set(count, add(get(count), constant(-1))),
        ],
        get(count),
      ),
    ],
  };
}
