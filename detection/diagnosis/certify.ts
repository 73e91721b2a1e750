import type { Certificate, Condition, Hypothesis } from '../../domain/diagnosis.ts';
import { entityNameOf } from '../../domain/entity.ts';
import { alternativesOf } from './alternatives.ts';
import { basisOf, confidenceOf, confidenceRow } from './calibration.ts';
import { conditionsOf, gradeOf } from './certify-candidate.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { faultKindOf } from '../faults/fault-catalogue.ts';
import { likelihoodModel } from './likelihood-model.ts';
import { rankAlternatives } from './rank.ts';

/** Who is accused of what; the least that a certificate needs. */
export type Accusation = Pick<Hypothesis, 'entity' | 'faultKind'>;

/**
 * Checks an accusation against the input: is there a dependency path from each symptom to the accused (structural), do onsets follow the
 * path (temporal), does each hop depart from its baseline (statistical)? The grade follows from the three and from how the accused stands
 * among all candidates, exactly as `diagnose` would give it. An unknown kind, or one that shows nothing at the entity, is `unproven`. Pure.
 */
export function certify(accusation: Accusation, input: DiagnosisInput): Certificate {
  if (faultKindOf(accusation.faultKind) === undefined) return unproven(accusation, true);
  const seen = alternativesOf(input);
  const ranking = rankAlternatives(seen, likelihoodModel);
  const index = ranking.ranked.findIndex(
    ({ candidate }) => candidate.entity === accusation.entity && candidate.fault.kind === accusation.faultKind,
  );
  const accused = ranking.ranked[index];
  if (accused === undefined) return unproven(accusation, false);
  const basis = basisOf(ranking, index);
  const conditions = conditionsOf(seen.board, accused.candidate, seen.symptoms);
  const confidence = confidenceOf(confidenceRow({ score: accused.score, basis }, conditions), likelihoodModel);
  const sure = { confidence, lead: Math.min(basis.margin, basis.lead) };
  return { ...conditions, grade: gradeOf(conditions, sure, likelihoodModel.proven) };
}

function unproven(accusation: Accusation, unknown: boolean): Certificate {
  const reason = unknown
    ? `${accusation.faultKind} is no kind of the fault catalogue`
    : `nothing that ${accusation.faultKind} must show is seen at ${entityNameOf(accusation.entity)}`;
  const condition = (holds: Condition['holds']): Condition => ({ holds, reason, evidence: [] });
  return {
    structural: condition('unknown'),
    temporal: condition('unknown'),
    statistical: condition(unknown ? 'unknown' : 'no'),
    paths: [],
    grade: 'unproven',
  };
}
