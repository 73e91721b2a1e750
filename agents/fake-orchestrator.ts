import { createFakeClock } from '../infra/runtime/clock.ts';
import type { Database } from '../infra/runtime/database.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import type { Reasoner } from '../infra/runtime/reasoner.ts';
import { noTracer } from '../infra/runtime/tracing.ts';
import { understanding as understandingSchema } from '../domain/question.ts';
import type { Understanding } from '../domain/question.ts';
import { createAgents } from './agents.ts';
import { createFakeTools } from './fake-tool-client.ts';
import type { CannedTool } from './fake-tool-client.ts';
import { shopQuestion, shopTools, shopUnderstanding } from './fake-shop.ts';
import { createOrchestrator } from './orchestrator.ts';
import type { OrchestratorDeps, OrchestratorOptions } from './orchestrator.ts';
import { openStateFile } from './state-file.ts';

const ruleReasoner: Reasoner = {
  name: 'rules',
  decide: (query) => Promise.resolve({ result: query.rule(query.facts), by: 'rule', inputTokens: 0, outputTokens: 0 }),
};

/** An orchestrator over canned tools and a given understanding, for tests: everything real but the world. */
export function createFakeOrchestrator(
  given: Partial<OrchestratorDeps> & {
    canned?: Record<string, CannedTool>;
    understanding?: Understanding | ((text: string) => Understanding);
    state?: Database;
    options?: OrchestratorOptions;
  } = {},
) {
  const { canned, understanding = shopUnderstanding, options, ...deps } = given;
  const fake = createFakeTools(canned ?? shopTools());
  const state = given.state ?? openStateFile(':memory:');
  const clock = createFakeClock(shopQuestion.askedAt);
  const orchestrator = createOrchestrator(
    {
      tools: fake.clientFor,
      reasoner: ruleReasoner,
      understand: (facts) => ({
        name: 'understand',
        facts,
        schema: understandingSchema,
        prompt: () => ({ instruction: '', data: [] }),
        rule: ({ text }) => (typeof understanding === 'function' ? understanding(text) : understanding),
      }),
      agents: createAgents(),
      clock,
      log: silentLogger,
      metrics: createMetrics(),
      tracer: noTracer,
      ...deps,
      state,
    },
    options,
  );
  return { orchestrator, calls: fake.calls, state, clock };
}
