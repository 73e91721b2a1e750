import type { Question, Understanding } from '../domain/question.ts';
import type { RunEvent } from '../domain/run.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { Metrics } from '../infra/runtime/metrics.ts';
import type { Query, Reasoner } from '../infra/runtime/reasoner.ts';
import type { Tracer } from '../infra/runtime/tracing.ts';
import type { ToolClient, ToolSession } from '../tools/client.ts';
import type { Agent, AgentContext, AgentReport } from './agent.ts';
import { emptyReport } from './agent.ts';
import type { RunServices } from './graph.ts';
import { readWorld } from './read-world.ts';
import { writeAnswer } from './report.ts';
import { note } from './sentence.ts';
import type { UnderstandFacts } from './understanding/understand-facts.ts';
import { watchTools } from './watch-tools.ts';

export interface RunDeps {
  /** Tools bound to a session; every guard applies. */
  tools(session: ToolSession): ToolClient;
  reasoner: Reasoner;
  understand(facts: UnderstandFacts): Query<UnderstandFacts, Understanding>;
  agents: readonly Agent[];
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  tracer: Tracer;
  /** What was understood last in this thread, before that time. */
  previous(thread: string, askedAt: string): Understanding | undefined;
  understood(run: string, understanding: Understanding): void;
}

/** The services that the graph runs on, for one run: sessions, spans, events and the fences around an agent's failure. */
export function createRunServices(
  deps: RunDeps,
  live: { emit: (event: RunEvent) => void; signal: AbortSignal },
): RunServices & {
  understand(run: string, question: Question, options?: { record: boolean }): Promise<Understanding>;
} {
  const { clock, tracer, metrics } = deps;
  const { emit, signal } = live;
  const reasoner: Reasoner = {
    name: deps.reasoner.name,
    decide: (query) => tracer.span('decision', { query: query.name }, () => deps.reasoner.decide(query, signal)),
  };
  const contextOf = (task: { run: string; question: Question }, agent: string): AgentContext => ({
    tools: watchTools(
      { tools: deps.tools({ principal: task.question.principal, run: task.run, caller: agent }), clock, emit },
      { run: task.run, agent },
    ),
    reasoner,
    clock,
    signal,
    emit,
  });

  return {
    async understand(run: string, question: Question, options: { record: boolean } = { record: true }) {
      const world = await readWorld(question, contextOf({ run, question }, 'orchestrator'));
      const previous = deps.previous(question.thread, question.askedAt);
      const facts: UnderstandFacts = {
        text: question.text,
        askedAt: question.askedAt,
        timeZone: question.timeZone,
        entities: world.entities,
        metrics: world.metrics,
        ...(previous === undefined ? {} : { previous }),
        ...(question.alert === undefined ? {} : { alert: question.alert }),
      };
      const { result } = await reasoner.decide(deps.understand(facts));
      if (options.record) deps.understood(run, result);
      emit({ type: 'question-understood', run, at: clock.iso(), understanding: result });
      return result;
    },

    async runAgent(name, task) {
      const agent = deps.agents.find((candidate) => candidate.name === name);
      emit({ type: 'agent-start', run: task.run, at: clock.iso(), agent: name, task: task.understanding.intent });
      let report: AgentReport;
      let status: 'done' | 'failed' = 'done';
      try {
        if (agent === undefined) throw new CerebroError('NOT_FOUND', `No agent is named ${name}.`);
        report = await tracer.span('agent', { agent: name, run: task.run }, () =>
          agent.run(task, contextOf(task, name)),
        );
      } catch (thrown) {
        // A withdrawn run must end here, or its half-made report would be kept as whole.
        if (signal.aborted) throw thrown;
        const error = CerebroError.from(thrown);
        deps.log.error('agent-failed', { agent: name, run: task.run, code: error.code, reason: error.message });
        status = 'failed';
        report = emptyReport({
          failed: true,
          headline: [note(`The ${name} could not finish (${error.code}); its part is missing.`)],
        });
      }
      signal.throwIfAborted();
      metrics.count('cerebro_agent_runs_total', { agent: name, status });
      emit({ type: 'agent-end', run: task.run, at: clock.iso(), agent: name, status });
      return report;
    },

    report: (task, reports) => writeAnswer(task, reports, contextOf(task, 'report')),
  };
}
