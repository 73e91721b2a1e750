import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grades } from '../domain/diagnosis.ts';
import type { Diagnosis, Grade } from '../domain/diagnosis.ts';
import { shopDiagnosis } from './fake-shop.ts';
import { gradeRank } from './grade-words.ts';
import { applyJudgement } from './judge-ranking.ts';

const withGrades = (list: Grade[]): Diagnosis => {
  const { hypotheses, ...rest } = shopDiagnosis('proven');
  return {
    ...rest,
    hypotheses: list.map((grade, index) => ({
      ...hypotheses[0]!,
      id: `h${index}`,
      culprit: index % 2 === 0,
      certificate: { ...hypotheses[0]!.certificate, grade },
    })),
  };
};
const idsOf = ({ hypotheses }: Diagnosis): string[] => hypotheses.map(({ id }) => id);

describe('applyJudgement', () => {
  it('reorders within a grade only, whatever order is asked for, and loses and adds nothing', () => {
    const someGrades = fc.array(fc.constantFrom(...grades), { minLength: 1, maxLength: 6 });
    const order = fc.array(fc.constantFrom('h0', 'h1', 'h2', 'h3', 'h4', 'h5', 'h9', '__proto__'), { maxLength: 9 });
    fc.assert(
      fc.property(someGrades, order, fc.boolean(), (list, asked, abstain) => {
        const before = withGrades(list);
        const after = applyJudgement(before, { order: asked, abstain });
        expect(idsOf(after).toSorted()).toEqual(idsOf(before).toSorted());
        const ranks = after.hypotheses.map(({ certificate }) => gradeRank[certificate.grade]);
        expect(ranks).toEqual(ranks.toSorted((left, right) => right - left));
        expect(after.verdict === 'abstain').toBe(abstain && Math.max(...ranks) < gradeRank.proven);
      }),
    );
  });

  it('takes the verdict of the hypothesis that comes first', () => {
    const after = applyJudgement(withGrades(['supported', 'supported']), { order: ['h1', 'h0'], abstain: false });
    expect([idsOf(after)[0], after.verdict]).toEqual(['h1', 'external']);
  });

  it('leaves a healthy verdict alone', () => {
    expect(applyJudgement({ ...withGrades([]), verdict: 'healthy' }, { order: [], abstain: true }).verdict).toBe(
      'healthy',
    );
  });
});
