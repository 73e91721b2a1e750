import { describe, expect, it } from 'vitest';
import type { Answer } from '../domain/answer.ts';
import type { Investigation } from '../domain/run.ts';
import { createOwnOutcomes } from './own-outcomes.ts';

const at = '2026-11-20T10:00:00Z';
const window = { from: at, to: '2026-11-20T10:30:00Z' };

/** Investigations with one answer each; `right` is what people said of it, the last word last. */
function investigationsOf(
  cases: readonly { prior: number; right: readonly boolean[]; verdict?: 'cause' | 'abstain' }[],
) {
  const answers = new Map<string, Answer>();
  const list = cases.map(({ prior, right, verdict = 'cause' }, index): Investigation => {
    const run = `run_${index}`;
    const empty = { symptoms: [], hypotheses: [], ruledOut: [], gaps: [], blastRadius: [], timeline: [] };
    const calibration = { from: 'own-outcomes' as const, outcomes: 20, prior };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the diagnosis is read
    answers.set(run, {
      run,
      diagnosis: { verdict, window, ...empty, confidence: 0.99, calibration },
    } as unknown as Answer);
    const feedback = right.map((one, word) => ({ run, at, by: `person ${word}`, right: one }));
    return {
      id: run,
      title: '',
      status: 'resolved',
      openedAt: at,
      updatedAt: at,
      openedBy: 'x',
      alerts: [],
      runs: [run],
      feedback,
    };
  });
  return { list: () => list, answerOf: (run: string) => answers.get(run) };
}
const many = (count: number, one: { prior: number; right: readonly boolean[]; verdict?: 'abstain' }) =>
  Array.from({ length: count }, () => one);

describe('own outcomes', () => {
  it('count from twenty labelled causes on, by the last word, over the shipped prior', () => {
    const wrong = { prior: 0.8, right: [true, false] };
    expect(createOwnOutcomes(investigationsOf(many(19, wrong))).recalibration()).toBeUndefined();
    const fit = createOwnOutcomes(investigationsOf(many(20, wrong))).recalibration();
    expect(fit?.outcomes).toBe(20);
    expect(fit?.intercept).toBeLessThan(0);
  });

  it('leave out answers that claimed nothing and runs that nobody spoke of', () => {
    const cases = [
      ...many(19, { prior: 0.8, right: [true] }),
      ...many(9, { prior: 0.8, right: [true], verdict: 'abstain' as const }),
      ...many(9, { prior: 0.8, right: [] }),
    ];
    expect(createOwnOutcomes(investigationsOf(cases)).recalibration()).toBeUndefined();
  });

  it('are fitted anew once something was said', () => {
    const cases = many(19, { prior: 0.8, right: [true] });
    const all = [...cases];
    const outcomes = createOwnOutcomes({
      list: () => investigationsOf(all).list(),
      answerOf: (run) => investigationsOf(all).answerOf(run),
    });
    expect(outcomes.recalibration()).toBeUndefined();
    all.push({ prior: 0.8, right: [true] });
    expect(outcomes.recalibration()).toBeUndefined();
    outcomes.changed();
    expect(outcomes.recalibration()?.outcomes).toBe(20);
  });
});
