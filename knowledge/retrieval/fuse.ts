import type { Scored } from '../keyword-index.ts';

/** One ranking that takes part in a fusion. */
export interface Ranking {
  name: string;
  weight: number;
  found: readonly Scored[];
}

/** A fused hit: which rankings hold it and at which place (from 1). */
export interface Fused extends Scored {
  places: Record<string, number>;
}

const flattening = 10;

/**
 * Weighted reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): the sum of weight / (10 + place). Best first, ties by id. Places, not
 * scores, so that searches of different scales can be put together.
 */
export function fuse(rankings: readonly Ranking[]): Fused[] {
  const fused = new Map<string, Fused>();
  for (const { name, weight, found } of rankings) {
    for (const [index, { id }] of found.entries()) {
      let hit = fused.get(id);
      if (hit === undefined) fused.set(id, (hit = { id, score: 0, places: {} }));
      hit.score += weight / (flattening + index + 1);
      hit.places[name] = index + 1;
    }
  }
  return [...fused.values()].sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1));
}
