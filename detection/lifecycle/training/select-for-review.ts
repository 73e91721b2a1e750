import type { ConfidenceBands } from './confidence-bands.ts';

export type ReviewReason = 'uncertain' | 'high-impact' | 'borderline';

/** A row that a person should label. */
export interface ReviewItem {
  row: number;
  score: number;
  reason: ReviewReason;
}

/**
 * Chooses at most `budget` rows whose labels would teach most, in thirds: `uncertain` lie in the middle of the uncertain band (uncertainty
 * sampling, Lewis and Gale, SIGIR 1994), `high-impact` have the highest scores times impact, and on `borderline` rows two scores
 * disagree most about the rank (query by committee, Seung et al., COLT 1992). Rows closer than `apart` to a chosen one are passed over,
 * because neighbours share their label. Labelled rows are never chosen. Same input, same rows.
 */
export function selectForReview(
  input: {
    scores: Float64Array;
    second: Float64Array;
    impact: Float64Array;
    labels: Int32Array;
    bands: ConfidenceBands;
  },
  options: { budget: number; apart: number },
): ReviewItem[] {
  const { scores, labels, bands } = input;
  const middle = (bands.low + bands.high) / 2;
  const rank = ranksOf(scores);
  const other = ranksOf(input.second);
  const worth: Record<ReviewReason, (row: number) => number> = {
    uncertain: (row) => -Math.abs(scores[row]! - middle),
    'high-impact': (row) => scores[row]! * (1 + input.impact[row]!),
    borderline: (row) => Math.abs(rank[row]! - other[row]!) * Math.max(rank[row]!, other[row]!),
  };
  const taken: ReviewItem[] = [];
  const isFree = (row: number): boolean =>
    labels[row] === -1 && taken.every((item) => Math.abs(item.row - row) > options.apart);
  const reasons: ReviewReason[] = ['uncertain', 'high-impact', 'borderline'];
  for (const [place, reason] of reasons.entries()) {
    const until = Math.ceil((options.budget * (place + 1)) / reasons.length);
    const order = Array.from(scores, (_, row) => row).sort(
      (left, right) => worth[reason](right) - worth[reason](left) || left - right,
    );
    for (const row of order) {
      if (taken.length >= until) break;
      if (isFree(row)) taken.push({ row, score: scores[row]!, reason });
    }
  }
  return taken;
}

/** The share of values below each value, 0 to 1. */
export function ranksOf(values: Float64Array): Float64Array {
  const order = Array.from(values, (_, row) => row).sort(
    (left, right) => values[left]! - values[right]! || left - right,
  );
  const ranks = new Float64Array(values.length);
  for (const [place, row] of order.entries()) ranks[row] = place / Math.max(1, values.length - 1);
  return ranks;
}
