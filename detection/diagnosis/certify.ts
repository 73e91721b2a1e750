import type { Certificate, Condition, Hypothesis } from '../../domain/diagnosis.ts';
import { entityNameOf } from '../../domain/entity.ts';
import { certifyCandidate } from './certify-candidate.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { faultKindOf } from '../faults/fault-catalogue.ts';
import { rankCandidates, standingOf } from './rank.ts';

/** Who is accused of what; the least that a certificate needs. */
export type Accusation = Pick<Hypothesis, 'entity' | 'faultKind'>;

/**
 * Checks an accusation against the input: is there a dependency path from each symptom to the accused (structural), do onsets follow the
 * path (temporal), does each hop depart from its baseline (statistical)? The grade follows from the three and from how the accused stands
 * among all candidates, exactly as `diagnose` would give it. An unknown kind, or one that shows nothing at the entity, is `unproven`. Pure.
 */
export function certify(accusation: Accusation, input: DiagnosisInput): Certificate {
  if (faultKindOf(accusation.faultKind) === undefined) return unproven(accusation, true);
  const { board, symptoms, ranked } = rankCandidates(input);
  const index = ranked.findIndex(
    ({ candidate }) => candidate.entity === accusation.entity && candidate.fault.kind === accusation.faultKind,
  );
  const accused = ranked[index];
  if (accused === undefined) return unproven(accusation, false);
  return certifyCandidate(board, accused.candidate, symptoms, standingOf(ranked, index));
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
