import type { Alternative, Alternatives } from './alternatives.ts';
import type { Candidate } from './candidates.ts';
import type { Explained } from './explain-away.ts';
import type { Features } from './features.ts';
import type { LikelihoodModel } from './likelihood.ts';
import { noneScoreOf, scoreOf } from './likelihood.ts';

/** A fault at an entity with its likelihood among all that may have happened. */
export interface Ranked {
  /** With the change that brought it, where that is likelier than none. */
  candidate: Candidate;
  features: Features;
  /** Probability by the likelihood alone, in [0, 1], whatever brought it: orders candidates, and is not calibrated. */
  score: number;
  /** The part of that probability in which its change (or its having none) is right. */
  changeShare: number;
  /** Log odds up to what all alternatives have in common. */
  odds: number;
  explained: Explained[];
}

/** How an incident's candidates stand. */
export interface Ranking {
  ranked: Ranked[];
  /** Probability of none of them. */
  none: number;
  /** Log odds of none of them, on the scale of `Ranked.odds`. */
  noneOdds: number;
}

/** All candidates of an incident, likeliest first, each entity and kind once; ties by entity and kind, so that the order is total. Pure. */
export function rankAlternatives(
  { alternatives, none }: Pick<Alternatives, 'alternatives' | 'none'>,
  model: LikelihoodModel,
): Ranking {
  const noneOdds = noneScoreOf(none, model);
  const scored = alternatives.map((one) => ({ one, odds: scoreOf(one.features, model) }));
  const top = Math.max(noneOdds, ...scored.map(({ odds }) => odds));
  const all = Math.exp(noneOdds - top) + scored.reduce((total, { odds }) => total + Math.exp(odds - top), 0);
  const groups = new Map<string, { one: Alternative; odds: number }[]>();
  for (const entry of scored) {
    const key = keyOf(entry.one.candidate);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const ranked = [...groups.values()].map((variants): Ranked => {
    const best = variants.reduce((left, right) => (right.odds > left.odds ? right : left));
    const mass = variants.reduce((total, { odds }) => total + Math.exp(odds - top), 0);
    return {
      candidate: best.one.candidate,
      features: best.one.features,
      score: mass / all,
      changeShare: Math.exp(best.odds - top) / mass,
      odds: top + Math.log(mass),
      explained: best.one.explained,
    };
  });
  ranked.sort((left, right) => right.odds - left.odds || (keyOf(left.candidate) < keyOf(right.candidate) ? -1 : 1));
  return { ranked, none: Math.exp(noneOdds - top) / all, noneOdds };
}

/** Log odds by which the candidate at an index leads the best at another entity (`margin`), and the best other kind at its own (`lead`); against "none of these" where there is no other. */
export function standingOf({ ranked, noneOdds }: Ranking, index: number): { margin: number; lead: number } {
  const own = ranked[index];
  if (own === undefined) return { margin: 0, lead: 0 };
  const others = ranked.filter((_, at) => at !== index);
  const elsewhere = others.find(({ candidate }) => candidate.entity !== own.candidate.entity);
  const here = others.find(({ candidate }) => candidate.entity === own.candidate.entity);
  return {
    margin: own.odds - Math.max(noneOdds, elsewhere?.odds ?? noneOdds),
    lead: own.odds - Math.max(noneOdds, here?.odds ?? noneOdds),
  };
}

function keyOf({ entity, fault }: Candidate): string {
  return `${entity}|${fault.kind}`;
}
