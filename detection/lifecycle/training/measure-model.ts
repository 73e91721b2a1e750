import type { Explanation, OnnxModel } from '../../models/contracts.ts';
import type { Matrix } from '../../models/matrix.ts';
import { takeStored, type StoredRows } from '../../models/stored-rows.ts';
import { runOnnx } from '../../models/onnx/run-onnx.ts';

/** Rows on which an ONNX file is compared, and on which importance is averaged. */
const parityRows = 512;
const importanceRows = 64;

/** Largest absolute difference between a model's ONNX scores and its native ones over evenly taken rows. `classes` is 1 for a detector. */
export async function onnxDifference(
  model: OnnxModel,
  rows: StoredRows,
  native: (rows: Matrix) => Float64Array,
): Promise<number> {
  const sample = takeStored(rows, evenly(rows.rows, parityRows));
  const scores = onnxScores(await runOnnx(model, sample), sample.rows);
  const expected = native(sample);
  return expected.reduce((worst, score, r) => Math.max(worst, Math.abs(score - scores[r]!)), 0);
}

/** Scores out of an ONNX answer: one number a row, or one probability a class, of which all but the first count. */
export function onnxScores(answer: Float32Array | Float64Array, rows: number): Float64Array {
  const width = rows === 0 ? 1 : answer.length / rows;
  return Float64Array.from({ length: rows }, (_, r) =>
    width === 1 ? answer[r]! : Math.min(1, Math.max(0, 1 - answer[r * width]!)),
  );
}

/** The features with the largest mean absolute contribution over the rows with the highest scores. */
export function importanceOf(
  rows: StoredRows,
  scores: Float64Array,
  explain: (row: ArrayLike<number>) => Explanation,
): { feature: string; share: number }[] {
  // Half of them the highest, half evenly taken: importance should tell what makes rows abnormal and what keeps others normal.
  const order = Array.from(scores, (_, r) => r).sort((left, right) => scores[right]! - scores[left]! || left - right);
  const chosen = [...new Set([...order.slice(0, importanceRows / 2), ...evenly(rows.rows, importanceRows / 2)])];
  const totals = new Map<string, number>();
  for (const r of chosen)
    for (const { feature, share } of explain(takeStored(rows, [r]).values).contributions)
      totals.set(feature, (totals.get(feature) ?? 0) + Math.abs(share) / chosen.length);
  return [...totals]
    .map(([feature, share]) => ({ feature, share }))
    .filter(({ share }) => share > 0)
    .sort((left, right) => right.share - left.share || (left.feature < right.feature ? -1 : 1))
    .slice(0, 20);
}

function evenly(rows: number, most: number): number[] {
  const count = Math.min(rows, most);
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}
