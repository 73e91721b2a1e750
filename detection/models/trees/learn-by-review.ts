import type { Random } from '../../../infra/runtime/random.ts';
import type { Detector } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { createOutlierBlendTrainer } from '../outliers/outlier-blend.ts';
import { drawRows } from '../outliers/training-rows.ts';
import { createSemiSupervisedTrainer, type SemiSupervisedOptions } from './label-budget.ts';

/** What a review asks: rows, and who knows their labels. */
export interface ReviewTask {
  rows: Matrix;
  /** Rows that may be asked about in all. */
  budget: number;
  /** Labels of rows, 1 abnormal, 0 normal, in the order asked. */
  ask(rows: Int32Array): Int32Array;
}

/**
 * Spends a label budget in a few rounds: each asks about the most suspicious rows not yet known, the most uncertain ones and a few at random (so that
 * what nobody suspects is found as well), then trains anew. Returns the last model.
 */
export function learnByReview(
  task: ReviewTask,
  options: Partial<SemiSupervisedOptions>,
  random: Random,
): { detector: Detector; labels: Int32Array } {
  const trainer = createSemiSupervisedTrainer();
  const blend = createOutlierBlendTrainer().fit(task.rows, { features: options.features ?? [] }, random);
  const known = blend.score(task.rows);
  // each round asks for these scores again
  const unsupervised = { ...blend, score: (rows: Matrix) => (rows === task.rows ? known.slice() : blend.score(rows)) };
  const labels = new Int32Array(task.rows.rows).fill(-1);
  let detector = trainer.fit({ rows: task.rows, labels, unsupervised }, options, random);
  const rounds = Math.min(4, task.budget);
  for (let round = 0, asked = 0; round < rounds; round += 1) {
    const count = Math.round(((round + 1) * task.budget) / rounds) - asked;
    const rows = selectForReview({ scores: detector.score(task.rows), labels, count }, random);
    for (const [at, label] of task.ask(rows).entries()) labels[rows[at]!] = label;
    asked += rows.length;
    const draft = round + 1 < rounds;
    detector = trainer.fit({ rows: task.rows, labels, unsupervised, draft }, options, random);
  }
  return { detector, labels };
}

/**
 * Rows to ask about next: the most suspicious (half, or a quarter where what was known so far was mostly abnormal or not once: then suspicion tells
 * nothing new), a quarter around the score that the known labels part at, the rest at random.
 */
export function selectForReview(
  of: { scores: Float64Array; labels: Int32Array; count: number },
  random: Random,
): Int32Array {
  const { scores, labels, count } = of;
  const open = Int32Array.from(labels.keys()).filter((row) => labels[row] === -1);
  const chosen = new Set<number>();
  const take = (rows: Iterable<number>, until: number): void => {
    for (const row of rows) {
      if (chosen.size >= Math.min(until, open.length)) return;
      chosen.add(row);
    }
  };
  const bySuspicion = open.toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  const known = labels.length - open.length;
  const rate = labels.reduce((sum, label) => sum + (label === 1 ? 1 : 0), 0) / Math.max(1, known);
  const suspicious = known > 0 && (rate === 0 || rate > 0.5) ? 0.25 : 0.5;
  take(bySuspicion, Math.ceil(count * suspicious));
  const border = borderOf(scores, labels);
  if (border !== undefined)
    take(
      open.toSorted((a, b) => Math.abs(scores[a]! - border) - Math.abs(scores[b]! - border) || a - b),
      Math.ceil(count * (suspicious + 0.25)),
    );
  take(
    Array.from(drawRows(open.length, Math.min(open.length, count * 2), random), (at) => open[at]!),
    count,
  );
  take(bySuspicion, count);
  return Int32Array.from(chosen).sort();
}

/** Half-way between the mean scores of known abnormal and known normal rows; undefined until both are known. */
function borderOf(scores: Float64Array, labels: Int32Array): number | undefined {
  const sums = [0, 0];
  const counts = [0, 0];
  for (const [row, label] of labels.entries()) {
    if (label === -1) continue;
    sums[label]! += scores[row]!;
    counts[label]! += 1;
  }
  return counts.includes(0) ? undefined : (sums[0]! / counts[0]! + sums[1]! / counts[1]!) / 2;
}
