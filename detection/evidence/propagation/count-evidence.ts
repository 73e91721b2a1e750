import { sum } from '../signals/robust-statistics.ts';

/** Shares of events and the number of events behind each. */
export interface Shares {
  values: readonly number[];
  weights: readonly number[];
}

/**
 * How surely the share of rare events rose, in standard deviations: the signed root of the likelihood ratio of two Poisson rates against one
 * (Wilks 1938), which stays true for a handful of events where the normal law does not; the rate before is taken half an event higher than
 * counted. Divided by the root of the variance-to-mean ratio of the counts before, so that failures that come in bursts do not look
 * surprising. 0 when the share did not rise or fewer than three events were seen.
 */
export function countEvidence(before: Shares, after: Shares): number {
  const [base, seen] = [countsOf(before), countsOf(after)];
  const [baseCalls, seenCalls] = [sum(before.weights), sum(after.weights)];
  const events = sum(seen);
  if (baseCalls <= 0 || seenCalls <= 0 || events < 3) return 0;
  const rate = (sum(base) + 0.5) / baseCalls;
  const expected = rate * seenCalls;
  if (events <= expected) return 0;
  const ratio = 2 * (events * Math.log(events / expected) - (events - expected));
  return Math.sqrt(Math.max(0, ratio) / Math.max(1, dispersion(base)));
}

function countsOf({ values, weights }: Shares): number[] {
  return values.map((value, index) => value * (weights[index] ?? 0));
}

function dispersion(counts: readonly number[]): number {
  const mean = sum(counts) / Math.max(1, counts.length);
  if (mean <= 0) return 1;
  return sum(counts.map((count) => (count - mean) ** 2)) / Math.max(1, counts.length - 1) / mean;
}
