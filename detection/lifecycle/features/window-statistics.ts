/** Statistics of the finite values of a window; all NaN when there are none. */
export interface WindowStatistics {
  count: number;
  mean: number;
  std: number;
  min: number;
  max: number;
  sum: number;
  skew: number;
  kurtosis: number;
}

/**
 * Fills `into` from the `length` newest values of a ring whose next free slot is `head`. Two passes over the window's own values,
 * oldest first and no running sums, so that the result depends on nothing outside the window: a computer that was restarted
 * gives the same bytes as one that ran from the start. Skew is g1 and kurtosis is g2 (excess) of Joanes and Gill 1998; a
 * constant window gives 0 for both. Cost: 2 x length.
 */
export function fillStatistics(ring: Float64Array, head: number, length: number, into: WindowStatistics): void {
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  const size = ring.length;
  let start = head - length;
  if (start < 0) start += size;
  for (let step = 0, at = start; step < length; step += 1) {
    const value = ring[at]!;
    at += 1;
    if (at === size) at = 0;
    if (value !== value) continue;
    count += 1;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  into.count = count;
  if (count === 0) {
    into.mean = into.std = into.min = into.max = into.sum = into.skew = into.kurtosis = NaN;
    return;
  }
  const mean = sum / count;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let step = 0, at = start; step < length; step += 1) {
    const value = ring[at]!;
    at += 1;
    if (at === size) at = 0;
    if (value !== value) continue;
    const apart = value - mean;
    const square = apart * apart;
    second += square;
    third += square * apart;
    fourth += square * square;
  }
  const variance = second / count;
  const flat = max === min || variance <= 0;
  into.mean = mean;
  into.std = flat ? 0 : Math.sqrt(variance);
  into.min = min;
  into.max = max;
  into.sum = sum;
  into.skew = flat ? 0 : third / count / (variance * Math.sqrt(variance));
  into.kurtosis = flat ? 0 : fourth / count / (variance * variance) - 3;
}
