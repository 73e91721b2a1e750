import { describe, expect, it } from 'vitest';
import { questionTable, scoreQuestions } from './score-questions.ts';

describe('the questions suite', () => {
  it.each(['tune', 'held-out', 'fresh'] as const)(
    'is understood by the built-in rules in at least 95 % of the %s questions',
    (set) => {
      const score = scoreQuestions(set);
      expect(score.total).toBeGreaterThanOrEqual(50);
      const enough = score.right / score.total >= 0.95;
      expect(enough ? 'enough' : questionTable(score)).toBe('enough');
    },
  );

  it('covers every intent and holds at least 150 questions', () => {
    const score = scoreQuestions('all');
    expect(score.total).toBeGreaterThanOrEqual(150);
    expect(score.fields['intent']?.asked).toBe(score.total);
  });
});
