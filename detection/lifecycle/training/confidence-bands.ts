/** Where scores are trusted without a person: at most `low` is normal, at least `high` is abnormal, between them nobody knows. */
export interface ConfidenceBands {
  low: number;
  high: number;
  /** Share of rows at or above `high`. */
  contamination: number;
  /** Where an alarm is worth raising: eight deviations above the median, never below `high`. */
  alarm: number;
}

/**
 * Bands of an unsupervised score. The share of abnormal rows is that beyond five normalised median absolute deviations above the median,
 * kept between .1 % and 5 %, because a forest's scores tell ranks and no probability; the uncertain band is four times as wide as the
 * abnormal one. Cost: two sorts.
 */
export function bandsOf(scores: Float64Array): ConfidenceBands {
  const sorted = scores.toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.floor(share * sorted.length)))] ?? 1;
  const median = at(0.5);
  const deviation = 1.4826 * (sorted.map((score) => Math.abs(score - median)).sort()[sorted.length >> 1] ?? 0);
  const beyond =
    sorted.reduce((sum, score) => sum + (score > median + 5 * deviation ? 1 : 0), 0) / Math.max(1, sorted.length);
  const contamination = Math.min(0.05, Math.max(0.001, beyond));
  const high = at(1 - contamination);
  return {
    low: at(1 - 5 * contamination),
    high,
    contamination,
    alarm: Math.max(high, Math.min(at(0.9995), median + 8 * deviation)),
  };
}
