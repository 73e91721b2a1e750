import { z } from 'zod';
import { gradeRank } from './grade-words.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Query } from '../infra/runtime/reasoner.ts';

/** What the judge of a ranking sees. */
export interface RankingFacts {
  question: string;
  hypotheses: {
    id: string;
    entity: string;
    faultKind: string;
    mechanism: string;
    grade: string;
    confidence: number;
    score: number;
  }[];
  /** What past incidents that resemble this one were, in the team's words. */
  past: string[];
}

const judgement = z.object({ order: z.array(z.string()).max(50), abstain: z.boolean() });
export type Judgement = z.infer<typeof judgement>;

/** The decision of how to order hypotheses that the engine holds for equally strong. By rule: as the engine ranked them. */
export function judgeRankingQuery(facts: RankingFacts): Query<RankingFacts, Judgement> {
  return {
    name: 'judge-ranking',
    facts,
    schema: judgement,
    rule: ({ hypotheses }) => ({ order: hypotheses.map(({ id }) => id), abstain: false }),
    prompt: ({ question, hypotheses, past }) => ({
      instruction: [
        'Order these hypotheses about an incident, the most likely cause first: give all ids in `order`.',
        'Grades come from machine-checked certificates; an order that puts a lower grade before a higher one is not followed.',
        'Set `abstain` only where no hypothesis explains what was asked about; a proven one cannot be abstained from.',
        'Past incidents are a hint, no evidence.',
      ].join('\n'),
      data: [
        { label: 'question', text: question, tainted: true },
        { label: 'hypotheses', text: JSON.stringify(hypotheses), tainted: true },
        { label: 'past incidents', kinds: ['knowledge'], text: past.join('\n'), tainted: true },
      ],
    }),
  };
}

/**
 * Applies a judgement within the certificates: hypotheses change places only within their grade, unknown ids are passed over, and abstaining
 * is possible only where the first is not proven. The result holds exactly the hypotheses that came in.
 */
export function applyJudgement(diagnosis: Diagnosis, { order, abstain }: Judgement): Diagnosis {
  const place = new Map(order.map((id, index) => [id, index]));
  const placeOf = (id: string): number => place.get(id) ?? order.length;
  const hypotheses = diagnosis.hypotheses
    .map((item, index) => ({ item, index }))
    .toSorted(
      (left, right) =>
        gradeRank[right.item.certificate.grade] - gradeRank[left.item.certificate.grade] ||
        placeOf(left.item.id) - placeOf(right.item.id) ||
        left.index - right.index,
    )
    .map(({ item }) => item);
  const [top] = hypotheses;
  const withdraws =
    abstain &&
    (diagnosis.verdict === 'cause' || diagnosis.verdict === 'external') &&
    top?.certificate.grade !== 'proven';
  if (withdraws) return { ...diagnosis, verdict: 'abstain', hypotheses };
  // The engine's verdict follows its first hypothesis; a new first one brings its own.
  const verdict =
    diagnosis.verdict === 'cause' || diagnosis.verdict === 'external'
      ? top?.culprit === false
        ? 'external'
        : 'cause'
      : diagnosis.verdict;
  return { ...diagnosis, verdict, hypotheses };
}
