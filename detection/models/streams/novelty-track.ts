import { createSampledQuantiles, lowerBound } from './sampled-quantiles.ts';

/** How far a number lies from all numbers seen before, in bounded memory. */
export interface NoveltyTrack {
  /**
   * Distance to the nearest known value over the usual spread plus half of the distance from the median: 0 for what is known, at most 2. The second
   * part makes gaps between rare high values count for little.
   */
  distance(value: number): number;
  /** The usual spread takes the value in at once. */
  settle(value: number): void;
  /** The value becomes known. */
  remember(value: number): void;
  readonly bytes: number;
}

/** Values nearer than this to a known one are not kept again. */
const resolution = 0.02;
const tolerance = 0.5;

/**
 * Nearest-neighbour novelty (Ramaswamy, Rastogi and Shim, SIGMOD 2000, with k = 1) over a sorted code book of at most `size` values; when it is full,
 * the two that are relatively closest become one. Cost: a binary search.
 */
export function createNoveltyTrack(size = 128): NoveltyTrack {
  const spread = createSampledQuantiles();
  const known = new Float32Array(size + 1);
  let held = 0;

  const distance = (value: number): number => {
    if (held === 0) return 0;
    const place = lowerBound(known, held, value);
    const above = place < held ? known[place]! - value : Number.POSITIVE_INFINITY;
    const below = place > 0 ? value - known[place - 1]! : Number.POSITIVE_INFINITY;
    const nearest = above < below ? above : below;
    return nearest / (spread.scale() + tolerance * Math.abs(value - spread.median()));
  };

  const mergeClosest = (): void => {
    let closest = 1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 1; at < held; at += 1) {
      const gap = (known[at]! - known[at - 1]!) / (spread.scale() + Math.abs(known[at]! - spread.median()));
      if (gap < least) {
        least = gap;
        closest = at;
      }
    }
    known.copyWithin(closest, closest + 1, held);
    held -= 1;
  };

  return {
    distance,
    settle: (value) => spread.push(value),
    remember(value) {
      if (held > 0 && distance(value) < resolution) return;
      const place = lowerBound(known, held, value);
      known.copyWithin(place + 1, place, held);
      known[place] = value;
      held += 1;
      if (held > size) mergeClosest();
    },
    bytes: known.byteLength + spread.bytes + 64,
  };
}
