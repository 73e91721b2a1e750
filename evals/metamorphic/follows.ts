import type { Answer } from '../../domain/answer.ts';
import type { EntityId } from '../../domain/entity.ts';
import type { Transformation } from './transformation.ts';

/** What an answer claims, as far as it must follow. */
export interface Claim {
  verdict: string;
  entity?: EntityId;
  fault?: string;
  change?: string;
  grade?: string;
}

/** The claim of an answer; undefined without a diagnosis. */
export function claimOf(answer: Answer | undefined): Claim | undefined {
  const diagnosis = answer?.diagnosis;
  if (diagnosis === undefined) return undefined;
  const top = diagnosis.hypotheses[0];
  if (top === undefined || (diagnosis.verdict !== 'cause' && diagnosis.verdict !== 'external'))
    return { verdict: diagnosis.verdict };
  return {
    verdict: diagnosis.verdict,
    entity: top.entity,
    fault: top.faultKind,
    grade: top.certificate.grade,
    ...(top.change === undefined ? {} : { change: top.change }),
  };
}

/** Whether the claim about the changed case is what the claim about the case before demands. */
export function follows(
  { expects }: Pick<Transformation, 'expects'>,
  before: Claim,
  after: Claim,
  renamed: (id: EntityId) => EntityId = (id) => id,
): boolean {
  if (expects === 'not-the-change') return after.change === undefined || after.change !== before.change;
  if (expects === 'no-more' && after.entity === undefined) return true;
  return (
    before.verdict === after.verdict &&
    before.fault === after.fault &&
    (before.entity === undefined ? undefined : renamed(before.entity)) === after.entity
  );
}
