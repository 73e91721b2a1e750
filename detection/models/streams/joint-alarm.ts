/** Which of many series alarm together, and how sure that is for all of them at once. */
export interface JointAlarm {
  /**
   * One less the probability that ordinary noise in all series together shows as much somewhere (Simes 1986: the least of m * p_i / i over the m
   * series, p in ascending order). In [0, 1]; 0 without series.
   */
  score: number;
  /** Indices of the series that stand out at that score, the surest first (Benjamini and Hochberg 1995). */
  members: number[];
}

/**
 * Judges the tail probabilities of many series at one look. A single series must be `count` times as rare to alarm as it would have to be alone
 * (Bonferroni); several that agree need less each. `threshold` is the score from which members are told. Holds under the positive dependence that
 * series of one system have (Benjamini and Yekutieli 2001). O(n log n) in the series below 1/2; the rest only count.
 */
export function judgeTogether(probabilities: ArrayLike<number>, threshold: number): JointAlarm {
  const count = probabilities.length;
  const order: number[] = [];
  for (let index = 0; index < count; index += 1) if (probabilities[index]! < 0.5) order.push(index);
  order.sort((left, right) => probabilities[left]! - probabilities[right]! || left - right);
  let least = 1;
  let members = 0;
  for (const [rank, index] of order.entries()) {
    const adjusted = (count * probabilities[index]!) / (rank + 1);
    if (adjusted < least) least = adjusted;
    if (adjusted <= 1 - threshold) members = rank + 1;
  }
  return { score: count === 0 ? 0 : 1 - least, members: order.slice(0, members) };
}
