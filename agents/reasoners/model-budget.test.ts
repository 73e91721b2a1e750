import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { openDatabase } from '../../infra/runtime/database.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { createRedactor } from '../../infra/runtime/redact.ts';
import { noTracer } from '../../infra/runtime/tracing.ts';
import { createModelBudget, modelBudgetMigrations } from './model-budget.ts';
import { createModelReasoner } from './model.ts';

for (const place of ['memory', 'database'] as const) {
  describe(`model budget in ${place}`, () => {
    const open = () => ({
      clock: createFakeClock('2026-11-20T10:00:00Z'),
      ...(place === 'database' ? { database: openDatabase(':memory:', modelBudgetMigrations) } : {}),
    });

    it('holds the most a call can cost until it is settled', () => {
      const budget = createModelBudget(open(), { tokensPerDay: 1_000 });
      const first = budget.reserve(300, 400);
      expect(() => budget.reserve(300, 400)).toThrow(/budget/);
      first.settle(300, 20);
      first.settle(300, 20);
      expect(budget.spent().tokens).toBe(320);
      budget.reserve(300, 300);
    });

    it('counts money, and starts anew with the next UTC day', () => {
      const deps = open();
      const budget = createModelBudget(deps, {
        dollarsPerDay: 1,
        dollarsPerMillionInput: 3,
        dollarsPerMillionOutput: 15,
      });
      budget.reserve(100_000, 40_000).settle(100_000, 40_000);
      expect(budget.spent().dollars).toBeCloseTo(0.9, 6);
      expect(() => budget.reserve(100_000, 0)).toThrow(expect.objectContaining({ code: 'BUDGET_EXHAUSTED' }));
      deps.clock.advance(86_400_000);
      expect(budget.spent()).toEqual({ tokens: 0, dollars: 0 });
      budget.reserve(100_000, 0);
    });
  });
}

describe('model budget of a reasoner', () => {
  it('lets the rule answer, unasked, once the budget is spent', async () => {
    const clock = createFakeClock(0);
    let calls = 0;
    const model = {
      name: 'fake',
      complete: () => {
        calls += 1;
        return Promise.resolve({ text: '1', inputTokens: 100, outputTokens: 1 });
      },
      close: () => undefined,
    };
    const budget = createModelBudget({ clock }, { tokensPerDay: 400 });
    const deps = {
      model,
      metrics: createMetrics(),
      tracer: noTracer,
      redactor: createRedactor('k'),
      logger: silentLogger,
      clock,
      budget,
    };
    const reasoner = createModelReasoner(deps, { maxTokens: 50 });
    const query = {
      name: 'one',
      facts: {},
      schema: z.number(),
      prompt: () => ({ instruction: 'One.', data: [] }),
      rule: () => 2,
    };
    const decisions = [];
    for (let turn = 0; turn < 5; turn += 1) decisions.push(await reasoner.decide(query));
    expect(decisions[0]).toMatchObject({ by: 'model', result: 1 });
    expect(decisions[4]).toMatchObject({ by: 'rule', result: 2 });
    expect(decisions[4]?.fallback).toMatch(/^BUDGET_EXHAUSTED/);
    expect(calls).toBeLessThan(5);
  });

  it('charges a failed attempt with its prompt, not with the reply that never came', async () => {
    const clock = createFakeClock(0);
    const model = { name: 'fake', complete: () => Promise.reject(new Error('gone')), close: () => undefined };
    const budget = createModelBudget({ clock });
    const deps = {
      model,
      metrics: createMetrics(),
      tracer: noTracer,
      redactor: createRedactor('k'),
      logger: silentLogger,
      clock,
      budget,
    };
    const query = {
      name: 'one',
      facts: {},
      schema: z.number(),
      prompt: () => ({ instruction: 'One.', data: [] }),
      rule: () => 2,
    };
    const decision = await createModelReasoner(deps, { maxTokens: 100_000 }).decide(query);
    expect(decision).toMatchObject({ by: 'rule', result: 2, outputTokens: 0 });
    expect(decision.inputTokens).toBeGreaterThan(50);
    expect(budget.spent().tokens).toBe(decision.inputTokens);
  });
});
