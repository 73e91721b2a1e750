import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import type { Query } from '../../infra/runtime/reasoner.ts';
import { describeReasoner } from './reasoner.conformance.ts';
import { createRulesReasoner } from './rules.ts';

const query = (): Query<{ value: number }, { double: number }> => ({
  name: 'double',
  facts: { value: 21 },
  schema: z.object({ double: z.number() }),
  prompt: () => ({ instruction: 'Double it.', data: [] }),
  rule: (facts) => ({ double: facts.value * 2 }),
});

describe('rules reasoner', () => {
  it('answers by the rule, free of cost, and counts the decision', async () => {
    const metrics = createMetrics();
    const decision = await createRulesReasoner({ metrics }).decide(query());
    expect(decision).toEqual({ result: { double: 42 }, by: 'rule', inputTokens: 0, outputTokens: 0 });
    expect(await metrics.text()).toContain('cerebro_decisions_total{query="double",by="rule"} 1');
  });

  it('rejects with CANCELLED when the signal is aborted', async () => {
    await expect(createRulesReasoner().decide(query(), AbortSignal.abort())).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describeReasoner(
  'rules',
  () => Promise.resolve({ reasoner: () => createRulesReasoner(), close: () => Promise.resolve() }),
  {
    providerCases: { reason: 'the rules ask nobody' },
  },
);
