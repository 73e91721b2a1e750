/** How well scores tell abnormal rows from normal ones. All in [0, 1]. */
export interface ScoreReport {
  rows: number;
  positives: number;
  /** Area under precision and recall as average precision (no interpolation; Davis and Goadrich, ICML 2006). */
  aucPr: number;
  auroc: number;
  threshold: number;
  confusion: { truePositive: number; falsePositive: number; falseNegative: number; trueNegative: number };
  precision: number;
  recall: number;
  f1: number;
  /** Mean squared distance of score and truth. */
  brier: number;
  /** Mean distance of score and frequency over ten bins, weighted by rows (Naeini et al., AAAI 2015). */
  calibrationError: number;
  reliability: readonly { from: number; to: number; rows: number; meanScore: number; positives: number }[];
}

/** Measures scores against labels (1 abnormal, 0 normal, -1 not counted). NaN areas become 0 when a class is absent. Cost: a sort. */
export function reportOf(scores: Float64Array, labels: ArrayLike<number>, threshold: number): ScoreReport {
  const known = Array.from(scores, (_, r) => r).filter((r) => labels[r]! >= 0);
  const truth = (r: number): number => (labels[r]! > 0 ? 1 : 0);
  const positives = known.reduce((sum, r) => sum + truth(r), 0);
  const { aucPr, auroc } = areas(scores, labels, known, positives);
  const confusion = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
  let brier = 0;
  const bins = Array.from({ length: 10 }, (_, bin) => ({
    from: bin / 10,
    to: (bin + 1) / 10,
    rows: 0,
    meanScore: 0,
    positives: 0,
  }));
  for (const r of known) {
    const flagged = scores[r]! >= threshold;
    const abnormal = truth(r) === 1;
    confusion[flagged ? (abnormal ? 'truePositive' : 'falsePositive') : abnormal ? 'falseNegative' : 'trueNegative'] +=
      1;
    brier += (scores[r]! - truth(r)) ** 2;
    const bin = bins[Math.min(9, Math.floor(scores[r]! * 10))]!;
    bin.rows += 1;
    bin.meanScore += scores[r]!;
    bin.positives += truth(r);
  }
  const { truePositive, falsePositive, falseNegative } = confusion;
  const calibrationError =
    bins.reduce((sum, bin) => sum + Math.abs(bin.meanScore - bin.positives), 0) / Math.max(1, known.length);
  return {
    rows: known.length,
    positives,
    aucPr,
    auroc,
    threshold,
    confusion,
    precision: truePositive / Math.max(1, truePositive + falsePositive),
    recall: truePositive / Math.max(1, truePositive + falseNegative),
    f1: (2 * truePositive) / Math.max(1, 2 * truePositive + falsePositive + falseNegative),
    brier: brier / Math.max(1, known.length),
    calibrationError,
    reliability: bins.map((bin) => ({ ...bin, meanScore: bin.rows === 0 ? 0 : bin.meanScore / bin.rows })),
  };
}

/** The score from which on F1 over these rows is highest; .5 when no row is abnormal. */
export function bestThreshold(scores: Float64Array, labels: ArrayLike<number>): number {
  const order = Array.from(scores, (_, r) => r)
    .filter((r) => labels[r]! >= 0)
    .sort((left, right) => scores[right]! - scores[left]!);
  const positives = order.reduce((sum, r) => sum + (labels[r]! > 0 ? 1 : 0), 0);
  let best = 0;
  let at = 0.5;
  let hits = 0;
  for (let i = 0; i < order.length; i += 1) {
    hits += labels[order[i]!]! > 0 ? 1 : 0;
    const next = order[i + 1];
    if (next !== undefined && scores[next] === scores[order[i]!]) continue;
    const f1 = (2 * hits) / (positives + i + 1);
    if (f1 <= best) continue;
    best = f1;
    // Half-way to the next lower score: no row of another sample sits exactly on the edge.
    at = next === undefined ? scores[order[i]!]! : (scores[order[i]!]! + scores[next]!) / 2;
  }
  return at;
}

function areas(
  scores: Float64Array,
  labels: ArrayLike<number>,
  known: readonly number[],
  positives: number,
): { aucPr: number; auroc: number } {
  const order = [...known].sort((left, right) => scores[right]! - scores[left]!);
  const negatives = known.length - positives;
  if (positives === 0 || negatives === 0) return { aucPr: 0, auroc: 0 };
  let hits = 0;
  let misses = 0;
  let aucPr = 0;
  let auroc = 0;
  for (let i = 0; i < order.length;) {
    let end = i;
    let tied = 0;
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) tied += labels[order[end++]!]! > 0 ? 1 : 0;
    const wrong = end - i - tied;
    auroc += wrong * (hits + tied / 2);
    hits += tied;
    misses += wrong;
    aucPr += (tied / positives) * (hits / (hits + misses));
    i = end;
  }
  return { aucPr, auroc: auroc / (positives * negatives) };
}
