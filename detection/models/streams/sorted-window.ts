import { lowerBound } from './sampled-quantiles.ts';

/** The last `size` values, also in order of size. */
export interface SortedWindow {
  push(value: number): void;
  count(): number;
  /** The value at a share (0 to 1) of the order; NaN when empty. */
  quantile(share: number): number;
  /** Median of the distances to `centre`. */
  medianDistance(centre: number): number;
  readonly bytes: number;
}

/** A sliding window with exact quantiles. Cost of a push: a binary search and a move of at most `size` numbers. */
export function createSortedWindow(size: number): SortedWindow {
  const sorted = new Float64Array(size);
  const ring = new Float64Array(size);
  let held = 0;
  let next = 0;

  return {
    push(value) {
      const to = lowerBound(sorted, held, value);
      if (held < size) {
        sorted.copyWithin(to + 1, to, held);
        sorted[to] = value;
        held += 1;
      } else {
        // One move between the place of the oldest and the place of the new value.
        const from = lowerBound(sorted, held, ring[next]!);
        if (from < to) {
          for (let at = from; at < to - 1; at += 1) sorted[at] = sorted[at + 1]!;
          sorted[to - 1] = value;
        } else {
          for (let at = from; at > to; at -= 1) sorted[at] = sorted[at - 1]!;
          sorted[to] = value;
        }
      }
      ring[next] = value;
      next = next + 1 === size ? 0 : next + 1;
    },
    count: () => held,
    quantile: (share) => (held === 0 ? Number.NaN : sorted[Math.round(share * (held - 1))]!),
    medianDistance(centre) {
      // The distances rise to both sides of the centre: the two sides are merged up to the middle.
      let right = lowerBound(sorted, held, centre);
      let left = right - 1;
      let distance = 0;
      for (let taken = 0; taken <= held >> 1; taken += 1) {
        const below = left >= 0 ? centre - sorted[left]! : Number.POSITIVE_INFINITY;
        const above = right < held ? sorted[right]! - centre : Number.POSITIVE_INFINITY;
        if (below < above) {
          distance = below;
          left -= 1;
        } else if (right < held) {
          distance = above;
          right += 1;
        }
      }
      return distance;
    },
    bytes: sorted.byteLength + ring.byteLength + 64,
  };
}
