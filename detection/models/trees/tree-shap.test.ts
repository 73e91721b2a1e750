import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { matrixOf, rowOf } from '../matrix.ts';
import { boost, boostingDefaults } from './boost.ts';
import { createLogisticObjective } from './objectives.ts';
import { sampleRows } from './sample-rows.ts';
import { scoreTrees } from './score-trees.ts';
import { goesLeft, type TreeEnsemble } from './tree-ensemble.ts';
import { explainTrees, shapleyValues } from './tree-shap.ts';

const columns = 6;
const { rows, labels } = sampleRows({ rows: 400, columns, seed: 3 });
const weights = new Float64Array(400).fill(1);
const options = { ...boostingDefaults, trees: 12, depth: 5 };
const ensemble = boost({ rows, objective: createLogisticObjective(labels, weights) }, options, createRandom(1));

/** Expected output when only the columns in `known` are: unknown ones are averaged over by cover. */
function conditional(of: TreeEnsemble, row: ArrayLike<number>, known: number): number {
  const walk = (node: number): number => {
    const feature = of.feature[node]!;
    if (feature < 0) return of.value[node]!;
    const left = of.left[node]!;
    if ((known >> feature) & 1) return walk(goesLeft(of, node, row[feature]!) ? left : left + 1);
    return (
      (of.cover[left]! * walk(left) + of.cover[left + 1]! * walk(left + 1)) / (of.cover[left]! + of.cover[left + 1]!)
    );
  };
  return [...of.roots].reduce((sum, root) => sum + walk(root), of.base[0]!);
}

/** Shapley values by their definition: over all subsets of the other columns. */
function bruteForce(row: ArrayLike<number>): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: columns }, (_, column) => {
    let value = 0;
    for (let set = 0; set < 2 ** columns; set += 1) {
      if ((set >> column) & 1) continue;
      const size = set.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(columns - size - 1)) / factorial(columns);
      value += weight * (conditional(ensemble, row, set | (1 << column)) - conditional(ensemble, row, set));
    }
    return value;
  });
}

describe('TreeSHAP', () => {
  it('is what the definition of Shapley values gives', () => {
    for (const index of [0, 57, 311]) {
      const row = rowOf(rows, index);
      const fast = shapleyValues(ensemble, row, 0);
      for (const [column, value] of bruteForce(row).entries()) expect(fast[column]).toBeCloseTo(value, 9);
      expect(fast[columns]).toBeCloseTo(conditional(ensemble, row, 0), 9);
    }
  });

  it('adds up to the score on every row', () => {
    const scores = scoreTrees(ensemble, rows);
    for (let row = 0; row < rows.rows; row += 1) {
      const sum = shapleyValues(ensemble, rowOf(rows, row), 0).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - scores[row]!)).toBeLessThan(1e-9);
    }
  });

  it('names the columns, the largest share first, and takes missing values', () => {
    const row = [Number.NaN, 1, 1, 0.2, 1, 0];
    const features = ['a', 'b', 'c', 'd', 'e', 'f'];
    const explanation = explainTrees(ensemble, row, { features, output: 0, scale: 'score' });
    const shares = explanation.contributions.map(({ share }) => Math.abs(share));
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(explanation.score).toBeCloseTo(scoreTrees(ensemble, matrixOf([row]))[0]!, 9);
    expect(() => explainTrees(ensemble, [1], { features, output: 0, scale: 'score' })).toThrow(/takes 6 columns/);
  });
});
