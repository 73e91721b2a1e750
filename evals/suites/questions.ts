import { type QuestionSet, scoreQuestions } from '../questions/score-questions.ts';
import type { Score, ScoreReport, Suite } from '../suite.ts';

/** How well plain English questions are understood, on the half that rules were tuned on, the half held out, and questions written later. */
export function createQuestionsSuite(): Suite {
  return {
    name: 'questions',
    description:
      'Questions of on-call people, understood by the rules: intent, agents, entities, metric, windows, clarification, all of them right.',
    // oxlint-disable-next-line require-yield -- there is nothing to write: the questions and their truth lie in the project
    async *predict() {},
    score: () => {
      const sets: QuestionSet[] = ['tune', 'held-out', 'fresh'];
      const results = sets.map((set) => ({ set, score: scoreQuestions(set) }));
      const scores: Score[] = results.map(({ set, score }) => ({
        metric: `${set}: understood right as a whole`,
        score: score.right / score.total,
        low: Number.NaN,
        high: Number.NaN,
        cases: score.total,
      }));
      const report: ScoreReport = {
        scores,
        failures: results.flatMap(({ score }) =>
          score.failures.map((failure) => ({
            case: failure.id,
            expected: failure.text,
            got: failure.wrong.join('; '),
          })),
        ),
        tables: results.map(({ set, score }) => ({
          title: `${set}, by field`,
          header: ['field', 'right', 'asked'],
          rows: Object.entries(score.fields).map(([field, counts]) => [
            field,
            String(counts.right),
            String(counts.asked),
          ]),
        })),
      };
      return Promise.resolve(report);
    },
  };
}
