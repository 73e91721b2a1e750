import { createRandom } from '../../../infra/runtime/random.ts';
import type { OnlineDetector } from '../contracts.ts';
import { columnParts, explanationOf } from './explain-rows.ts';
import { createRandomCutTree } from './random-cut-tree.ts';
import { createRunningScale } from './running-scale.ts';

const leastRows = 32;

/**
 * Robust random cut forest (Guha et al., ICML 2016) over rows, or over the last `shingle` rows side by side: the mean collusive displacement over the
 * trees, of which each holds the last `size` rows. The score is displacement / (displacement + six times its running mean). On `asd` VUS-PR .20 where the
 * robust z-score of the columns has .07 and random .06: `npx --no cerebro eval asd --data <dir> --truth <dir>`.
 */
export function createRandomCutForest(options: {
  columns: number;
  seed: number;
  trees?: number;
  size?: number;
  shingle?: number;
}): OnlineDetector {
  const { columns, seed, trees: count = 20, size = 512, shingle = 4 } = options;
  const dimensions = columns * shingle;
  const scale = createRunningScale(columns);
  const random = createRandom(seed);
  const trees = Array.from({ length: count }, () =>
    createRandomCutTree(size, dimensions, createRandom(random.integer(2 ** 31))),
  );
  const recent = new Float64Array(dimensions);
  const point = new Float64Array(dimensions);
  let rows = 0;
  let usual = 0;
  let lastAt = Number.NEGATIVE_INFINITY;

  const shingled = (values: ArrayLike<number>): Float64Array => {
    point.set(recent.subarray(columns));
    point.set(scale.scaled(values), dimensions - columns);
    return point;
  };
  const finite = (values: ArrayLike<number>): boolean => {
    for (let column = 0; column < columns; column += 1) if (Number.isFinite(values[column]!)) return true;
    return false;
  };
  const scored = new Float64Array(dimensions);
  let scoredRow = -1;
  let found = 0;
  const displacement = (values: ArrayLike<number>): number => {
    const shingle = shingled(values);
    if (scoredRow === rows && shingle.every((value, at) => value === scored[at])) return found;
    // Chance of its own, from the number of the row: a score changes nothing that is learned.
    const chance = createRandom(seed + rows);
    let sum = 0;
    for (const tree of trees) sum += tree.displacement(shingle, chance);
    scored.set(shingle);
    scoredRow = rows;
    found = sum / count;
    return found;
  };

  const scoreOne = (values: ArrayLike<number>): number => {
    if (rows < 2 * leastRows || !finite(values)) return 0;
    const height = displacement(values);
    return height / (height + 6 * Math.max(usual, 1e-9));
  };

  return {
    method: 'random-cut-forest',
    scoreOne,
    /** A column's share is how much lower the displacement would be with that column at its mean. */
    explainOne(values) {
      const score = scoreOne(values);
      if (score === 0)
        return explanationOf(
          0,
          columnParts(values, () => 0),
        );
      const whole = displacement(values);
      const without = (column: number): Float64Array =>
        Float64Array.from(values, (value, index) => (index === column ? Number.NaN : value));
      return explanationOf(
        score,
        columnParts(values, (column) => (columns === 1 ? 1 : whole - displacement(without(column)))),
      );
    },
    outOfDistributionOne: (values) => rows < 2 * leastRows || scale.outside(values),
    learnOne(values, at) {
      if (!(at > lastAt) || !finite(values)) return;
      lastAt = at;
      if (rows >= leastRows) usual += (displacement(values) - usual) / Math.min(rows - leastRows + 1, 1_000);
      const slot = rows % size;
      const shingle = shingled(values);
      for (const tree of trees) {
        if (rows >= size) tree.remove(slot);
        tree.insert(slot, shingle);
      }
      recent.set(shingle);
      scale.take(values);
      rows += 1;
    },
    stateBytes: () => trees.reduce((sum, tree) => sum + tree.bytes, 0) + scale.bytes + 2 * point.byteLength + 256,
  };
}
