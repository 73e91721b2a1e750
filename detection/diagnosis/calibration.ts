import type { Basis } from '../../domain/diagnosis.ts';
import { clamp } from '../evidence/signals/robust-statistics.ts';
import type { ConfidenceName, LikelihoodModel } from './likelihood.ts';
import { confidenceNames } from './likelihood.ts';
import type { Conditions } from './certify-candidate.ts';
import type { Ranking } from './rank.ts';
import { standingOf } from './rank.ts';

/** What the confidence in the candidate at an index of a ranking is worked out from, beside its certificate. */
export function basisOf(ranking: Ranking, index: number): Basis {
  const own = ranking.ranked[index];
  const { margin, lead } = standingOf(ranking, index);
  const entity = ranking.ranked
    .filter(({ candidate }) => candidate.entity === own?.candidate.entity)
    .reduce((total, { score }) => total + score, 0);
  const odds = own === undefined ? 0 : own.odds - ranking.noneOdds;
  return {
    margin: round(margin),
    lead: round(lead),
    carried: round(odds),
    entity: round(entity),
    coverage: round(own?.features.coverage ?? 0),
  };
}

/**
 * The features of a confidence, those of evidence never counting against: the log odds among all alternatives, the log odds of its entity, how
 * far the evidence carries it beyond "none of these", whether the mechanism itself is seen, whether more than one signal bears it out.
 */
export function confidenceRow(
  { score, basis }: { score: number; basis: Basis },
  { observed, borne }: Pick<Conditions, 'observed' | 'borne'>,
): Record<ConfidenceName, number> {
  return {
    always: 1,
    odds: logit(score),
    entity: logit(basis.entity),
    carried: clamp(basis.carried, -4, 12),
    observed: Number(observed.holds === 'yes'),
    borne: Number(borne.holds === 'yes'),
  };
}

/** The probability that a hypothesis is right, in (0, 1), to two decimals (Platt 1999, on incidents of systems that the weights had not seen). */
export function confidenceOf(row: Record<ConfidenceName, number>, { confidence }: LikelihoodModel): number {
  const odds = confidenceNames.reduce((total, name) => total + confidence[name] * row[name], 0);
  return Math.round(100 / (1 + Math.exp(-odds))) / 100;
}

/** Bounded, as nothing that was fitted on a few hundred incidents says more. */
function logit(probability: number): number {
  const p = clamp(probability, 0.002, 0.998);
  return Math.log(p / (1 - p));
}

function round(value: number): number {
  return Math.round(1000 * value) / 1000;
}
