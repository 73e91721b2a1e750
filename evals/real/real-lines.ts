import { z } from 'zod';
import type { Answer } from '../../domain/answer.ts';
import type { Question } from '../../domain/question.ts';

/** An answer as far as it is scored. */
export const shortAnswer = z.object({
  verdict: z.string(),
  confidence: z.number(),
  grade: z.string().optional(),
  headline: z.string(),
  ranking: z.array(z.object({ entity: z.string(), fault: z.string(), culprit: z.boolean() })),
});
/** An incident that the product opened by itself, and its first answer. */
export const ownOpening = shortAnswer.extend({ by: z.string(), afterS: z.number() });
export type OwnOpening = z.infer<typeof ownOpening>;

/** What is asked about a stack, live and in replay: nothing is said of where or since when. */
export function realQuestion(name: string, askedAt: string): Question {
  return {
    text: 'What is wrong, and why?',
    thread: `real:${name}`,
    askedAt,
    timeZone: 'UTC',
    principal: { id: 'evaluation', kind: 'evaluation', roles: ['responder'] },
  };
}

/** The part of an answer that is scored. */
export function shortOf(answer: Answer | undefined): z.infer<typeof shortAnswer> {
  const diagnosis = answer?.diagnosis;
  const grade = diagnosis?.hypotheses[0]?.certificate.grade;
  return {
    verdict: diagnosis?.verdict ?? 'failed',
    confidence: diagnosis?.confidence ?? 0,
    ...(grade === undefined ? {} : { grade }),
    headline: (answer?.headline ?? [])
      .map(({ text }) => text)
      .join(' ')
      .slice(0, 600),
    ranking: (diagnosis?.hypotheses ?? [])
      .slice(0, 5)
      .map(({ entity, faultKind, culprit }) => ({ entity, fault: faultKind, culprit })),
  };
}
