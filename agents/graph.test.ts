import { describe, expect, it } from 'vitest';
import { agentName } from '../domain/question.ts';
import { shopQuestion, shopUnderstanding } from './fake-shop.ts';
import { nextAgents } from './graph.ts';
import { runIdOf } from './orchestrator.ts';

describe('nextAgents', () => {
  it('runs stage after stage, those of a stage side by side, each once', () => {
    const understanding = { ...shopUnderstanding, agents: [...agentName.options].toReversed() };
    const stages: string[][] = [];
    for (let next = nextAgents(understanding, []); next.length > 0; next = nextAgents(understanding, stages.flat()))
      stages.push(next);
    expect(stages).toEqual([['investigator', 'optimizer', 'security-analyst'], ['diagnostician'], ['remediator']]);
  });

  it('runs nobody before the question is understood, when it is asked back, or when nobody was asked for', () => {
    expect(nextAgents(undefined, [])).toEqual([]);
    expect(nextAgents({ ...shopUnderstanding, clarify: 'which one?' }, [])).toEqual([]);
    expect(nextAgents({ ...shopUnderstanding, agents: [] }, [])).toEqual([]);
  });
});

describe('runIdOf', () => {
  it('is the same for the same question and another for another thread, text, time or window', () => {
    const id = runIdOf(shopQuestion);
    expect(runIdOf({ ...shopQuestion })).toBe(id);
    const window = { from: shopQuestion.askedAt, to: shopQuestion.askedAt };
    for (const change of [{ thread: 'x' }, { text: 'x' }, { askedAt: '2026-11-20T14:10:00.001Z' }, { window }])
      expect(runIdOf({ ...shopQuestion, ...change })).not.toBe(id);
  });
});
