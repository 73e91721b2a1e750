import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { LabelledRows } from '../contracts.ts';

export type ClassWeights = 'balanced' | 'none' | readonly number[];

/** Checks labelled rows and fills in weights of 1. Throws INPUT_INVALID when there is nothing to learn from or the lengths differ. */
export function labelledRowsOf(data: LabelledRows): LabelledRows & { weights: Float64Array } {
  const { rows, labels, classes } = data;
  if (rows.rows === 0 || rows.columns === 0) throw new CerebroError('INPUT_INVALID', 'there are no rows to learn from');
  if (classes.length < 2) throw new CerebroError('INPUT_INVALID', 'a classifier needs at least two classes');
  if (labels.length !== rows.rows)
    throw new CerebroError('INPUT_INVALID', `${rows.rows} rows have ${labels.length} labels`);
  if (labels.some((label) => label < 0 || label >= classes.length))
    throw new CerebroError('INPUT_INVALID', `a label does not index the ${classes.length} classes`);
  return { ...data, weights: data.weights ?? new Float64Array(rows.rows).fill(1) };
}

/** The weight of each class. */
export function classWeightsOf(
  of: { labels: Int32Array; weights: Float64Array; classes: number },
  wanted: ClassWeights,
): readonly number[] {
  if (typeof wanted !== 'string') return wanted;
  const totals = new Float64Array(of.classes);
  for (const [row, label] of of.labels.entries()) totals[label]! += of.weights[row]!;
  if (wanted === 'none' || totals.includes(0)) return Array.from(totals, () => 1);
  if (of.classes === 2) return [1, totals[0]! / totals[1]!];
  const whole = totals.reduce((sum, total) => sum + total, 0);
  return Array.from(totals, (total) => whole / (of.classes * total));
}
