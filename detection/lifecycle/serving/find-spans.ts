/** A stretch of rows whose scores are at or above a threshold. Row numbers, both ends included. */
export interface AbnormalSpan {
  from: number;
  to: number;
  /** The row with the highest score. */
  peak: number;
  score: number;
}

/** Abnormal rows as stretches, in order; stretches that at most `bridge` rows below the threshold part are one. */
export function findSpans(scores: Float64Array, threshold: number, bridge = 2): AbnormalSpan[] {
  const spans: AbnormalSpan[] = [];
  for (let r = 0; r < scores.length; r += 1) {
    if (!(scores[r]! >= threshold)) continue;
    const last = spans.at(-1);
    if (last === undefined || r - last.to > bridge + 1) {
      spans.push({ from: r, to: r, peak: r, score: scores[r]! });
      continue;
    }
    last.to = r;
    if (scores[r]! > last.score) {
      last.score = scores[r]!;
      last.peak = r;
    }
  }
  return spans;
}
