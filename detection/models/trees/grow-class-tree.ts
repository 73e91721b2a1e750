import type { Random } from '../../../infra/runtime/random.ts';
import type { ColumnCuts } from './bin-columns.ts';
import type { GrownTree } from './tree-ensemble.ts';

/** Binned rows with classes; rows of weight 0 are out. */
export interface ClassTask {
  /** Codes column after column. */
  bins: Uint8Array;
  cuts: ColumnCuts;
  labels: Int32Array;
  weights: Float64Array;
  classes: number;
}

interface Split {
  column: number;
  bin: number;
  missingLeft: number;
  gain: number;
}

/** One classification tree by Gini impurity, grown depth first; a leaf holds the weighted share of each class. Missing values take the better side. */
export function growClassTree(
  task: ClassTask,
  options: { depth: number; leafRows: number; columnsTried: number },
  random: Random,
): GrownTree {
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
  const rows = task.labels.length;
  const addNode = (): number => {
    tree.threshold.push(0);
    tree.left.push(0);
    tree.missingLeft.push(0);
    tree.sets.push(null);
    tree.cover.push(0);
    for (let k = 0; k < task.classes; k += 1) tree.value.push(0);
    return tree.feature.push(-1) - 1;
  };
  const all = Int32Array.from(task.labels.keys()).filter((row) => task.weights[row]! > 0);
  const open = [{ node: addNode(), members: all, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, members, depth } = next;
    const totals = new Float64Array(task.classes);
    for (const row of members) totals[task.labels[row]!]! += task.weights[row]!;
    const whole = totals.reduce((sum, total) => sum + total, 0);
    tree.cover[node] = whole;
    for (let k = 0; k < task.classes; k += 1) tree.value[node * task.classes + k] = totals[k]! / whole;
    const pure = totals.some((total) => total === whole);
    const split =
      pure || depth >= options.depth || members.length < 2 * options.leafRows
        ? undefined
        : bestSplit(task, { members, totals, ...options }, random);
    if (split === undefined) continue;
    const base = split.column * rows;
    const missing = task.cuts.binCounts[split.column]!;
    const left = members.filter((row) => {
      const code = task.bins[base + row]!;
      return code === missing ? split.missingLeft === 1 : code <= split.bin;
    });
    const inLeft = new Set(left);
    const edges = task.cuts.cuts[split.column]!;
    tree.feature[node] = split.column;
    tree.threshold[node] = split.bin < edges.length ? edges[split.bin]! : Number.POSITIVE_INFINITY;
    tree.missingLeft[node] = split.missingLeft;
    const child = addNode();
    addNode();
    tree.left[node] = child;
    open.push({ node: child + 1, members: members.filter((row) => !inLeft.has(row)), depth: depth + 1 });
    open.push({ node: child, members: left, depth: depth + 1 });
  }
  return tree;
}

function bestSplit(
  task: ClassTask,
  node: { members: Int32Array; totals: Float64Array; leafRows: number; columnsTried: number },
  random: Random,
): Split | undefined {
  const { classes, cuts } = task;
  const rows = task.labels.length;
  const columns = Int32Array.from({ length: cuts.columns }, (_, column) => column);
  let best: Split | undefined;
  // columns that do not vary here do not count as tried
  for (let left = cuts.columns, tried = 0; left > 0 && tried < node.columnsTried; left -= 1) {
    const pick = random.integer(left);
    const column = columns[pick]!;
    columns[pick] = columns[left - 1]!;
    const width = cuts.binCounts[column]! + 1;
    const sums = new Float64Array(width * classes);
    const counts = new Int32Array(width);
    for (const row of node.members) {
      const code = task.bins[column * rows + row]!;
      sums[code * classes + task.labels[row]!]! += task.weights[row]!;
      counts[code]! += 1;
    }
    const found = scanBins({
      sums,
      counts,
      totals: node.totals,
      leafRows: node.leafRows,
      members: node.members.length,
    });
    if (found === undefined) continue;
    tried += 1;
    if (best === undefined || found.gain > best.gain) best = { column, ...found };
  }
  return best;
}

/** Best of all cuts of one column, missing values (the last bin) on either side: largest sum of squares of class weights over side weight. */
function scanBins(of: {
  sums: Float64Array;
  counts: Int32Array;
  totals: Float64Array;
  leafRows: number;
  members: number;
}): Omit<Split, 'column'> | undefined {
  const classes = of.totals.length;
  const missing = of.counts.length - 1;
  let best: Omit<Split, 'column'> | undefined;
  for (const missingLeft of of.counts[missing]! > 0 ? [0, 1] : [0]) {
    const left = new Float64Array(classes);
    let count = 0;
    if (missingLeft === 1) {
      for (let k = 0; k < classes; k += 1) left[k] = of.sums[missing * classes + k]!;
      count = of.counts[missing]!;
    }
    for (let bin = 0; bin < missing; bin += 1) {
      if (of.counts[bin] === 0) continue;
      count += of.counts[bin]!;
      for (let k = 0; k < classes; k += 1) left[k]! += of.sums[bin * classes + k]!;
      if (count < of.leafRows || of.members - count < Math.max(1, of.leafRows)) continue;
      const gain = purity(left, of.totals);
      if (best === undefined || gain > best.gain) best = { bin, missingLeft, gain };
    }
  }
  return best;
}

function purity(left: Float64Array, totals: Float64Array): number {
  let [a, b, onLeft, onRight] = [0, 0, 0, 0];
  for (let k = 0; k < totals.length; k += 1) {
    const right = totals[k]! - left[k]!;
    a += left[k]! ** 2;
    b += right ** 2;
    onLeft += left[k]!;
    onRight += right;
  }
  return a / Math.max(onLeft, 1e-12) + b / Math.max(onRight, 1e-12);
}
