import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { ExplainedScale, Explanation } from '../contracts.ts';
import { explanationBy } from '../explained-score.ts';
import { goesLeft, type TreeEnsemble } from './tree-ensemble.ts';

/** One feature on the path from the root: share of ways that reach on without it (`zero`), with it (`one`), and the path's weight. */
interface PathPart {
  feature: number;
  zero: number;
  one: number;
  weight: number;
}

/**
 * Exact Shapley values of one output for one row, expectations conditional on the path (Lundberg, Erion & Lee, "Consistent individualized
 * feature attribution for tree ensembles", 2018, algorithm 2; Nature Machine Intelligence 2020). They add up to `score - expected` but for rounding
 * (1e-9 relative). Contributions are sorted by size. Cost: trees x leaves x depth squared.
 */
export function explainTrees(
  ensemble: TreeEnsemble,
  row: ArrayLike<number>,
  of: { features: readonly string[]; output: number; scale: ExplainedScale },
): Explanation {
  if (row.length !== ensemble.columns)
    throw new CerebroError('INPUT_INVALID', `the model takes ${ensemble.columns} columns, the row has ${row.length}`);
  const values = shapleyValues(ensemble, row, of.output);
  return explanationBy(of.features, row, {
    shares: values,
    expected: values[ensemble.columns]!,
    scale: of.scale,
    exact: true,
  });
}

/** Shapley value of each column for one output, and the expected output behind them. */
export function shapleyValues(ensemble: TreeEnsemble, row: ArrayLike<number>, output: number): Float64Array {
  const values = new Float64Array(ensemble.columns + 1);
  values[ensemble.columns] = ensemble.base[output]!;
  const expectations = nodeExpectations(ensemble, output);
  for (let tree = 0; tree < ensemble.roots.length; tree += 1) {
    if (ensemble.width === 1 && ensemble.treeOutput[tree] !== output) continue;
    const root = ensemble.roots[tree]!;
    values[ensemble.columns]! += expectations[root]!;
    descend({ ensemble, row, output, values }, root, [], { feature: -1, zero: 1, one: 1, weight: 0 });
  }
  return values;
}

interface Descent {
  ensemble: TreeEnsemble;
  row: ArrayLike<number>;
  output: number;
  values: Float64Array;
}

function descend(descent: Descent, node: number, parent: readonly PathPart[], step: PathPart): void {
  // no row of the training and not the one explained comes here: whatever stands below counts nothing, and could not be unwound
  if (step.zero === 0 && step.one === 0) return;
  const { ensemble, row, values } = descent;
  const path = extend(parent, step);
  const feature = ensemble.feature[node]!;
  if (feature < 0) {
    const value = leafValue(ensemble, node, descent.output);
    for (let at = 1; at < path.length; at += 1) {
      const part = path[at]!;
      values[part.feature]! += unwoundSum(path, at) * (part.one - part.zero) * value;
    }
    return;
  }
  const left = ensemble.left[node]!;
  const [hot, cold] = goesLeft(ensemble, node, row[feature]!) ? [left, left + 1] : [left + 1, left];
  const whole = ensemble.cover[node]!;
  const known = path.findIndex((part, at) => at > 0 && part.feature === feature);
  const before = known < 0 ? undefined : path[known]!;
  const rest = known < 0 ? path : unwind(path, known);
  const share = (child: number): number => ((before?.zero ?? 1) * ensemble.cover[child]!) / whole;
  descend(descent, hot, rest, { feature, zero: share(hot), one: before?.one ?? 1, weight: 0 });
  descend(descent, cold, rest, { feature, zero: share(cold), one: 0, weight: 0 });
}

function extend(parent: readonly PathPart[], step: PathPart): PathPart[] {
  const path = parent.map((part) => ({ ...part }));
  const depth = path.length;
  path.push({ ...step, weight: depth === 0 ? 1 : 0 });
  for (let at = depth - 1; at >= 0; at -= 1) {
    path[at + 1]!.weight += (step.one * path[at]!.weight * (at + 1)) / (depth + 1);
    path[at]!.weight = (step.zero * path[at]!.weight * (depth - at)) / (depth + 1);
  }
  return path;
}

function unwind(path: readonly PathPart[], index: number): PathPart[] {
  const depth = path.length - 1;
  const { one, zero } = path[index]!;
  const out = path.map((part) => ({ ...part }));
  let next = out[depth]!.weight;
  for (let at = depth - 1; at >= 0; at -= 1) {
    const weight = out[at]!.weight;
    if (one === 0) out[at]!.weight = (weight * (depth + 1)) / (zero * (depth - at));
    else {
      out[at]!.weight = (next * (depth + 1)) / ((at + 1) * one);
      next = weight - (out[at]!.weight * zero * (depth - at)) / (depth + 1);
    }
  }
  for (let at = index; at < depth; at += 1) {
    const { feature, zero, one } = out[at + 1]!;
    out[at] = { feature, zero, one, weight: out[at]!.weight };
  }
  out.pop();
  return out;
}

function unwoundSum(path: readonly PathPart[], index: number): number {
  const depth = path.length - 1;
  const { one, zero } = path[index]!;
  let next = path[depth]!.weight;
  let total = 0;
  for (let at = depth - 1; at >= 0; at -= 1) {
    if (one === 0) total += (path[at]!.weight * (depth + 1)) / (zero * (depth - at));
    else {
      const weight = (next * (depth + 1)) / ((at + 1) * one);
      total += weight;
      next = path[at]!.weight - (weight * zero * (depth - at)) / (depth + 1);
    }
  }
  return total;
}

function leafValue({ value, width }: TreeEnsemble, node: number, output: number): number {
  return width === 1 ? value[node]! : value[node * width + output]!;
}

/** Cover-weighted mean of the leaves below each node. */
function nodeExpectations(ensemble: TreeEnsemble, output: number): Float64Array {
  const means = new Float64Array(ensemble.feature.length);
  // children stand behind their parents
  for (let node = means.length - 1; node >= 0; node -= 1) {
    if (ensemble.feature[node]! < 0) means[node] = leafValue(ensemble, node, output);
    else {
      const left = ensemble.left[node]!;
      const [a, b] = [ensemble.cover[left]!, ensemble.cover[left + 1]!];
      means[node] = (a * means[left]! + b * means[left + 1]!) / (a + b);
    }
  }
  return means;
}
