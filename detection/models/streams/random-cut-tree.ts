import type { Random } from '../../../infra/runtime/random.ts';

/** One robust random cut tree over points that are held by number. */
export interface RandomCutTree {
  insert(slot: number, point: ArrayLike<number>): void;
  remove(slot: number): void;
  /** Collusive displacement that the point would have if it were inserted; the tree stays as it is. */
  displacement(point: ArrayLike<number>, random: Random): number;
  readonly bytes: number;
}

const none = -1;

/**
 * A robust random cut tree (Guha, Mishra, Roy and Schrijvers, ICML 2016): a cut falls into a dimension with a probability that is proportional to the
 * width of the bounding box there. Slot numbers lie in [0, capacity). Insertion and removal cost O(depth * dimensions).
 */
export function createRandomCutTree(capacity: number, dimensions: number, random: Random): RandomCutTree {
  const nodes = 2 * capacity;
  // Leaves are nodes 0 to capacity - 1, one for each slot; inner nodes follow.
  const left = new Int32Array(nodes).fill(none);
  const right = new Int32Array(nodes).fill(none);
  const parent = new Int32Array(nodes).fill(none);
  const sizes = new Int32Array(nodes);
  const cutDimension = new Int32Array(nodes);
  const cutValue = new Float64Array(nodes);
  const lows = new Float32Array(nodes * dimensions);
  const highs = new Float32Array(nodes * dimensions);
  const free: number[] = Array.from({ length: capacity }, (_, index) => nodes - 1 - index);
  let root = none;

  /** A random cut of the box of a node widened by a point; tells whether it parts the two, in `dimension` and `value`. */
  let dimension = 0;
  let value = 0;
  const cut = (node: number, point: ArrayLike<number>, chance: Random): boolean => {
    const base = node * dimensions;
    let width = 0;
    for (let at = 0; at < dimensions; at += 1)
      width += Math.max(highs[base + at]!, point[at]!) - Math.min(lows[base + at]!, point[at]!);
    let left = chance.next() * width;
    for (let at = 0; at < dimensions; at += 1) {
      const low = Math.min(lows[base + at]!, point[at]!);
      const span = Math.max(highs[base + at]!, point[at]!) - low;
      if (left <= span && span > 0) {
        dimension = at;
        value = low + left;
        return value < lows[base + at]! ? point[at]! <= value : value >= highs[base + at]! && point[at]! > value;
      }
      left -= span;
    }
    return false;
  };
  const widen = (node: number, point: ArrayLike<number>): void => {
    const base = node * dimensions;
    for (let at = 0; at < dimensions; at += 1) {
      if (point[at]! < lows[base + at]!) lows[base + at] = point[at]!;
      if (point[at]! > highs[base + at]!) highs[base + at] = point[at]!;
    }
  };
  const join = (node: number): void => {
    const [a, b, base] = [left[node]! * dimensions, right[node]! * dimensions, node * dimensions];
    for (let at = 0; at < dimensions; at += 1) {
      lows[base + at] = Math.min(lows[a + at]!, lows[b + at]!);
      highs[base + at] = Math.max(highs[a + at]!, highs[b + at]!);
    }
  };
  const isLeaf = (node: number): boolean => node < capacity;
  const replace = (above: number, old: number, fresh: number): void => {
    parent[fresh] = above;
    if (above === none) root = fresh;
    else if (left[above] === old) left[above] = fresh;
    else right[above] = fresh;
  };

  return {
    insert(slot, given) {
      const base = slot * dimensions;
      for (let at = 0; at < dimensions; at += 1) lows[base + at] = highs[base + at] = given[at]!;
      const point = lows.subarray(base, base + dimensions);
      sizes[slot] = 1;
      parent[slot] = none;
      if (root === none) {
        root = slot;
        return;
      }
      let node = root;
      while (!cut(node, point, random) && !isLeaf(node)) {
        widen(node, point);
        sizes[node]! += 1;
        node = point[cutDimension[node]!]! <= cutValue[node]! ? left[node]! : right[node]!;
      }
      const above = parent[node]!;
      const fresh = free.pop()!;
      replace(above, node, fresh);
      // Equal points are not parted by a cut: any cut through them will do.
      const first = point[dimension]! <= value;
      cutDimension[fresh] = dimension;
      cutValue[fresh] = value;
      left[fresh] = first ? slot : node;
      right[fresh] = first ? node : slot;
      parent[slot] = fresh;
      parent[node] = fresh;
      sizes[fresh] = sizes[node]! + 1;
      join(fresh);
    },
    remove(slot) {
      const above = parent[slot]!;
      if (above === none) {
        root = none;
        return;
      }
      const sibling = left[above] === slot ? right[above]! : left[above]!;
      replace(parent[above]!, above, sibling);
      free.push(above);
      for (let node = parent[sibling]!; node !== none; node = parent[node]!) {
        sizes[node]! -= 1;
        join(node);
      }
    },
    displacement(point, chance) {
      if (root === none) return 0;
      const path: number[] = [];
      let node = root;
      while (!cut(node, point, chance) && !isLeaf(node)) {
        path.push(node);
        node = point[cutDimension[node]!]! <= cutValue[node]! ? left[node]! : right[node]!;
      }
      // Its sibling would be the node that it was parted from; further up, the other child of each node on the path.
      let most = sizes[node]!;
      let below = node;
      for (let at = path.length - 1; at >= 0; at -= 1) {
        const inner = path[at]!;
        const other = left[inner] === below ? right[inner]! : left[inner]!;
        most = Math.max(most, sizes[other]! / (sizes[below]! + 1));
        below = inner;
      }
      return most;
    },
    bytes: nodes * (4 * 5 + 8 + 8 * dimensions),
  };
}
