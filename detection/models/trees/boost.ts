import type { Random } from '../../../infra/runtime/random.ts';
import type { Matrix } from '../matrix.ts';
import { cutColumns } from './bin-columns.ts';
import { growTree, sidesOf, type GrownShape } from './grow-tree.ts';
import type { Objective } from './objectives.ts';
import { scoreTrees } from './score-trees.ts';
import { controlWords, settingNumbers, type TrainingArena } from './training-arena.ts';
import { openTrainingCrew } from './training-crew.ts';
import { ensembleOf, type GrownTree, type TreeEnsemble } from './tree-ensemble.ts';

export interface BoostingOptions {
  /** Trees of each output. */
  trees: number;
  depth: number;
  learningRate: number;
  /** Share of rows and columns that each tree sees. */
  rowSampling: number;
  columnSampling: number;
  /** L2 penalty of leaf values, least hessian of a child, and least gain of a split. */
  lambda: number;
  minWeight: number;
  minGain: number;
  /** Rounds without a better validation loss before training stops; the trees up to the best round are kept. */
  earlyStopping: number;
  /** Columns that hold category codes, whole numbers in [0, 253]. */
  categorical: readonly number[];
  /** Threads to train on; 0 takes as many as pay for this size. The model does not depend on it. */
  threads: number;
}

export const boostingDefaults: BoostingOptions = {
  trees: 100,
  depth: 6,
  learningRate: 0.1,
  rowSampling: 0.8,
  columnSampling: 0.8,
  lambda: 1,
  minWeight: 1,
  minGain: 0,
  earlyStopping: 10,
  categorical: [],
  threads: 0,
};

/** What to boost on: rows with their loss, and optionally rows held out with theirs. */
export interface BoostingTask {
  rows: Matrix;
  objective: Objective;
  validation?: { rows: Matrix; objective: Objective };
}

/**
 * Histogram gradient boosting, second order (Chen & Guestrin 2016), stochastic in rows and columns (Friedman 2002). Rows are drawn anew for
 * each round, columns for each tree. Cost: about trees x rows x columns x depth / 3 histogram updates.
 */
export function boost(task: BoostingTask, options: BoostingOptions, random: Random): TreeEnsemble {
  const cuts = cutColumns(task.rows, options.categorical);
  using crew = openTrainingCrew(task.rows, cuts, options);
  const { arena } = crew;
  arena.settings[settingNumbers.lambda] = options.lambda;
  arena.settings[settingNumbers.minWeight] = options.minWeight;
  arena.settings[settingNumbers.minGain] = Math.max(options.minGain, 1e-6);
  const { objective } = task;
  const base = objective.base().map(Math.fround);
  const margins = filled(base, task.rows.rows);
  const held = task.validation === undefined ? undefined : filled(base, task.validation.rows.rows);
  const into = { gradient: new Float64Array(task.rows.rows), hessian: new Float64Array(task.rows.rows) };
  const trees: GrownTree[] = [];
  let best = { loss: Number.POSITIVE_INFINITY, trees: 0 };
  for (let round = 0; round < options.trees; round += 1) {
    const count = sampleRows(arena, options.rowSampling, random);
    const grown: GrownShape[] = [];
    for (let output = 0; output < objective.outputs; output += 1) {
      objective.gradients(margins, output, into);
      quantise(arena, count, into);
      sampleColumns(arena, options.columnSampling, random);
      const shape = growTree(arena, cuts, count, { depth: options.depth, runLevel: () => crew.runLevel() });
      shape.tree.output = output;
      setLeaves({ arena, shape, objective, margins, into, options });
      if (objective.outputs === 1) addTree(arena, shape, margins, 0);
      grown.push(shape);
    }
    // the classes of a round are grown against the same margins
    if (objective.outputs > 1) for (const [output, shape] of grown.entries()) addTree(arena, shape, margins, output);
    trees.push(...grown.map((shape) => shape.tree));
    if (held === undefined || task.validation === undefined) continue;
    addValidation(task.validation.rows, grown, held);
    const loss = task.validation.objective.loss(held);
    if (loss < best.loss - 1e-9) best = { loss, trees: trees.length };
    else if (trees.length - best.trees >= options.earlyStopping * objective.outputs) break;
  }
  const kept = held === undefined ? trees : trees.slice(0, best.trees);
  return ensembleOf(kept, { columns: task.rows.columns, base, width: 1 });
}

function filled(base: readonly number[], rows: number): Float64Array {
  const margins = new Float64Array(rows * base.length);
  for (let at = 0; at < margins.length; at += 1) margins[at] = base[at % base.length]!;
  return margins;
}

/** Rows of the next trees into `order`, ascending, those left out behind them. Returns how many are in. */
function sampleRows({ order, layout }: TrainingArena, share: number, random: Random): number {
  let count = 0;
  let out = layout.rows;
  for (let row = 0; row < layout.rows; row += 1) {
    if (share >= 1 || random.next() < share) order[count++] = row;
    else order[--out] = row;
  }
  return count;
}

function sampleColumns({ sample, control, layout }: TrainingArena, share: number, random: Random): void {
  const count = Math.max(1, Math.round(layout.columns * share));
  const all = Int32Array.from({ length: layout.columns }, (_, column) => column);
  for (let at = 0; at < count; at += 1) {
    const other = at + random.integer(layout.columns - at);
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  sample.set(all.subarray(0, count).sort());
  control[controlWords.sampled] = count;
}

/** Gradients to whole numbers: in units that keep every partial sum below 2^30, which leaves each about 2^30 / rows steps of resolution. */
function quantise(arena: TrainingArena, count: number, from: { gradient: Float64Array; hessian: Float64Array }): void {
  const { order, pairs, settings } = arena;
  let gradients = 0;
  let hessians = 0;
  for (let at = 0; at < count; at += 1) {
    gradients += Math.abs(from.gradient[order[at]!]!);
    hessians += from.hessian[order[at]!]!;
  }
  const gradientUnit = Math.max(gradients, 1e-300) / 2 ** 30;
  const hessianUnit = Math.max(hessians, 1e-300) / 2 ** 30;
  settings[settingNumbers.gradientUnit] = gradientUnit;
  settings[settingNumbers.hessianUnit] = hessianUnit;
  for (let at = 0; at < count; at += 1) {
    const row = order[at]!;
    // a row with any weight counts at least one unit, so that a bin with rows is never taken for empty
    pairs[row * 2] = Math.max(1, Math.round(from.hessian[row]! / hessianUnit));
    pairs[row * 2 + 1] = Math.round(from.gradient[row]! / gradientUnit);
  }
}

function setLeaves(of: {
  arena: TrainingArena;
  shape: GrownShape;
  objective: Objective;
  margins: Float64Array;
  into: { gradient: Float64Array; hessian: Float64Array };
  options: BoostingOptions;
}): void {
  const { arena, shape, objective, margins, into, options } = of;
  for (const { node, start, count } of shape.leaves) {
    const rows = arena.order.subarray(start, start + count);
    let step = 0;
    if (objective.leafStep === undefined) {
      let gradient = 0;
      let hessian = 0;
      for (let at = 0; at < rows.length; at += 1) {
        gradient += into.gradient[rows[at]!]!;
        hessian += into.hessian[rows[at]!]!;
      }
      step = -gradient / (hessian + options.lambda);
    } else if (count > 0) step = objective.leafStep(rows, margins);
    shape.tree.value[node] = Math.fround(step * options.learningRate);
  }
}

/** Adds a tree's leaf values to the margins: of the rows it was grown on by their place, of the rest through their bins. */
function addTree(arena: TrainingArena, shape: GrownShape, margins: Float64Array, output: number): void {
  const { tree, splitBin, leaves } = shape;
  const outputs = margins.length / arena.layout.rows;
  let sampled = 0;
  for (const { node, start, count } of leaves) {
    const value = tree.value[node]!;
    for (let at = start; at < start + count; at += 1) margins[arena.order[at]! * outputs + output]! += value;
    sampled += count;
  }
  if (sampled === arena.layout.rows) return;
  const none = new Int32Array(8);
  const sides = tree.feature.map((column, node) =>
    column < 0
      ? none
      : sidesOf(arena, {
          column,
          bin: splitBin[node]!,
          missingLeft: tree.missingLeft[node]!,
          set: tree.sets[node] ?? none,
        }),
  );
  for (let at = sampled; at < arena.layout.rows; at += 1) {
    const row = arena.order[at]!;
    let node = 0;
    for (let column = tree.feature[0]!; column >= 0; column = tree.feature[node]!)
      node = tree.left[node]! + 1 - sides[node]![arena.bins[column * arena.layout.rows + row]!]!;
    margins[row * outputs + output]! += tree.value[node]!;
  }
}

function addValidation(rows: Matrix, grown: readonly GrownShape[], margins: Float64Array): void {
  const trees = grown.map((shape) => shape.tree);
  const sums = scoreTrees(ensembleOf(trees, { columns: rows.columns, base: grown.map(() => 0), width: 1 }), rows);
  for (let at = 0; at < sums.length; at += 1) margins[at]! += sums[at]!;
}
