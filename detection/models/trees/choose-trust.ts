import { corrected } from './corrected-score.ts';

/** What the labels say about a classifier that had not seen them. */
export interface TrustTask {
  /** 1 abnormal, 0 normal, -1 not known. */
  labels: Int32Array;
  /** Positions by the unsupervised detector and by classifiers that had not seen the row, each in [0, 1]. */
  scores: Float64Array;
  learnt: Float64Array;
  /** Largest weight of the classifier. */
  most: number;
}

/** Standard errors by which the known abnormal rows must rank better for the classifier to count. */
const errors = 1;
/** Spread of a gain that so few rows as there are may have by chance, in shares of the rows: keeps two rows that agree from proving anything. */
const leastSpread = 0.05;

/**
 * Weight of the classifier in [0, most]: of its quarters, the one by which known abnormal rows gain most in rank above normal ones, beyond `errors` standard errors of
 * that gain over the abnormal rows; 0 where none is so sure, so that the unsupervised ranking stands until there is evidence against it.
 * Ranks are among the known normal rows and among all others, half each or more: what was asked about looked suspicious, so that the
 * unsupervised score does worse among the known than it is, and better among all: a weight by which they lose among all is not taken however much they
 * gain among the known, for then other rows that nobody asked about have been put above them.
 */
export function chooseTrust({ labels, scores, learnt, most }: TrustTask): number {
  const rows = Int32Array.from(labels.keys());
  const abnormal = rows.filter((row) => labels[row] === 1);
  const normal = rows.filter((row) => labels[row] === 0);
  if (abnormal.length < 2) return 0;
  const others = rows.filter((row) => labels[row] !== 1);
  // the more of the known are abnormal, the more of the rest must be as well, and the less they stand for normal ones
  const share = (2 * abnormal.length) / (abnormal.length + normal.length);
  const knownShare = normal.length === 0 ? 0 : Math.min(1, Math.max(0.5, share));
  const ranks = (trust: number): { all: Float64Array; mixed: Float64Array } => {
    const joined = corrected(scores, learnt, trust);
    const [amongKnown, all] = [ranksAmong(joined, abnormal, normal), ranksAmong(joined, abnormal, others)];
    const mixed = all.map((rank, at) =>
      knownShare === 0 ? rank : knownShare * amongKnown[at]! + (1 - knownShare) * rank,
    );
    return { all, mixed };
  };
  const before = ranks(0);
  let best = { trust: 0, sure: 0 };
  for (const quarter of [0.25, 0.5, 0.75, 1]) {
    const trust = quarter * most;
    const { all: after, mixed } = ranks(trust);
    if (mean(after) < mean(before.all)) continue;
    const gains = mixed.map((rank, at) => rank - before.mixed[at]!);
    const gain = mean(gains);
    const spread = gains.reduce((sum, own) => sum + (own - gain) ** 2, leastSpread ** 2);
    const sure = gain - errors * Math.sqrt(spread / (gains.length - 1) / gains.length);
    if (sure > best.sure) best = { trust, sure };
  }
  return best.trust;
}

/** For each row the share of the others that score below it, equal ones half. */
function ranksAmong(scores: Float64Array, rows: Int32Array, others: Int32Array): Float64Array {
  const sorted = Float64Array.from(others, (row) => scores[row]!).sort();
  return Float64Array.from(rows, (row) => {
    const own = scores[row]!;
    return (firstAt(sorted, (other) => other >= own) + firstAt(sorted, (other) => other > own)) / 2 / sorted.length;
  });
}

/** Index of the first value that `passes`, in a list where all after it pass. */
function firstAt(sorted: Float64Array, passes: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
