import type { Ranking } from './rank.ts';
import { stateOf } from './state-of.ts';

/** The least likelihood of a fault that goes on to stand before one that has ended. */
const leastScore = 0.1;

/**
 * A fault that has ended never outranks one that goes on elsewhere and is likely enough to be named: its likelihood is cut to half of the best of those.
 * What goes on at the same entity is the same trouble told otherwise. Likeliest first; the order of the rest stays.
 */
export function settleOver(ranking: Ranking, nowMs: number): Ranking {
  const { ranked } = ranking;
  const over = new Set(ranked.filter(({ candidate }) => stateOf(candidate, nowMs).state === 'over'));
  const active = ranked.filter((one) => !over.has(one) && one.score >= leastScore);
  const [best] = active;
  if (over.size === 0 || best === undefined) return ranking;
  const goingOn = new Set(active.map(({ candidate }) => candidate.entity));
  const settled = ranked.map((one) =>
    !over.has(one) || goingOn.has(one.candidate.entity) || one.odds < best.odds - Math.LN2
      ? one
      : { ...one, score: Math.min(one.score, best.score / 2), odds: best.odds - Math.LN2 },
  );
  return { ...ranking, ranked: settled.toSorted((left, right) => right.odds - left.odds) };
}
