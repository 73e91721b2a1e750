import { createSampledQuantiles } from './sampled-quantiles.ts';
import { scoreOfDeviation } from './tail-bound.ts';
import { createUnivariate, type UnivariateDetector } from './univariate.ts';

/**
 * Left discord: distance of the last `length` points from the nearest earlier sub-sequence in a history of `history` points (the left matrix profile of
 * Yeh et al., ICDM 2016, without normalisation by sub-sequence, so that a shift of level counts), per point and in spreads of the series. A search stops
 * a candidate as soon as it is farther than the nearest so far. 9 KB. On `ms-cloud-monitoring` VUS-PR .52 (robust z-score .40, random .17):
 * `npx --no cerebro eval ms-cloud-monitoring --data <dir> --truth <dir>`.
 */
export function createDiscord(options: { length?: number; history?: number } = {}): UnivariateDetector {
  const { length = 8, history = 1_024 } = options;
  const ring = new Float64Array(history);
  const spread = createSampledQuantiles(61);
  const latest = new Float64Array(length);
  let taken = 0;

  const nearest = (value: number): number => {
    for (let back = 1; back < length; back += 1) latest[back] = ring[(taken - back + history) % history]!;
    latest[0] = value;
    let best = Number.POSITIVE_INFINITY;
    const oldest = Math.max(length, taken - history + 1 + length);
    for (let end = taken - length; end >= oldest; end -= 1) {
      let distance = 0;
      for (let back = 0; back < length && distance < best; back += 1) {
        const gap = latest[back]! - ring[(end - back) % history]!;
        distance += gap * gap;
      }
      if (distance < best) best = distance;
    }
    return Number.isFinite(best) ? Math.sqrt(best / length) / spread.scale() : 0;
  };

  return createUnivariate({
    method: 'discord',
    // A nearest neighbour lies within a fraction of the spread: three tenths of it is as much as one deviation.
    score: (value) => (taken < 4 * length ? 0 : scoreOfDeviation(nearest(value) / 0.3)),
    learn(value) {
      ring[taken % history] = value;
      taken += 1;
      spread.push(value);
    },
    parts: (value) => {
      const distance = taken < 4 * length ? 0 : nearest(value);
      return [{ feature: `shape of the last ${length} points`, value: distance, weight: distance }];
    },
    bytes: ring.byteLength + spread.bytes + 256,
  });
}
