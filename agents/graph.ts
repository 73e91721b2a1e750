import { END, START, Send, StateGraph } from '@langchain/langgraph';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import { z } from 'zod';
import type { Answer } from '../domain/answer.ts';
import type { Question, Understanding } from '../domain/question.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { AgentReport, AgentTask } from './agent.ts';
import { runState } from './state.ts';
import type { RunState, RunUpdate, StoredReport } from './state.ts';

/** What the graph needs of one run; given again on resume, never stored. */
export interface RunServices {
  understand(run: string, question: Question): Promise<Understanding>;
  /** Never rejects for an agent's failure: a failed agent hands back a report that says so. */
  runAgent(agent: string, task: AgentTask): Promise<AgentReport>;
  report(task: AgentTask, reports: Record<string, StoredReport>): Promise<Answer>;
}

/** Agents that may run side by side, stage after stage: each stage reads what the earlier ones found. */
const stages: readonly (readonly string[])[] = [
  ['investigator', 'optimizer', 'security-analyst'],
  ['diagnostician'],
  ['remediator'],
];

/** The agents to run next: those of the first stage that were asked for and have no report yet. Empty when the report can be written. */
export function nextAgents(understanding: Understanding | undefined, done: readonly string[]): string[] {
  if (understanding === undefined || understanding.clarify !== undefined) return [];
  const asked: readonly string[] = understanding.agents;
  for (const stage of stages) {
    const open = stage.filter((agent) => asked.includes(agent) && !done.includes(agent));
    if (open.length > 0) return open;
  }
  return [];
}

/** The task that an agent gets: the question as understood and all that was found so far. */
function taskOf(state: Pick<RunState, 'run' | 'question' | 'understanding' | 'evidence' | 'reports'>): AgentTask {
  if (state.understanding === undefined) throw new CerebroError('INTERNAL', 'A task was made before understanding.');
  const diagnosis = state.reports['diagnostician']?.diagnosis;
  const compared = state.reports['investigator']?.compared;
  return {
    run: state.run,
    question: state.question,
    understanding: state.understanding,
    evidence: state.evidence,
    ...(compared === undefined ? {} : { compared }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
  };
}

const runContext = z.object({ services: z.custom<RunServices>() });

/** What one parallel task of the graph is sent. */
interface Errand {
  agent: string;
  /** The task as JSON text: LangGraph walks an object that it sends and revives what merely looks like one of its own messages. */
  task: string;
}

/** The orchestrator's graph: understand, then agents side by side stage by stage, then the report. LangGraph's thread is the run. */
export function createGraph(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(runState, runContext)
    .addNode('understand', async (state, runtime): Promise<RunUpdate> => {
      return { understanding: await servicesOf(runtime).understand(state.run, state.question) };
    })
    .addNode('dispatch', (): RunUpdate => ({}))
    .addNode('agent', async (errand: Errand, runtime): Promise<RunUpdate> => {
      const task: AgentTask = JSON.parse(errand.task);
      const report = await servicesOf(runtime).runAgent(errand.agent, task);
      return { reports: { [errand.agent]: report }, evidence: report.evidence };
    })
    .addNode('report', async (state, runtime): Promise<RunUpdate> => {
      return { answer: await servicesOf(runtime).report(taskOf(state), state.reports) };
    })
    .addEdge(START, 'understand')
    .addEdge('understand', 'dispatch')
    .addConditionalEdges('dispatch', route, ['agent', 'report'])
    .addEdge('agent', 'dispatch')
    .addEdge('report', END)
    .compile({ checkpointer });
}

function route(state: RunState): Send[] | 'report' {
  const agents = nextAgents(state.understanding, Object.keys(state.reports));
  if (agents.length === 0) return 'report';
  const task = JSON.stringify(taskOf(state));
  return agents.map((agent) => new Send('agent', { agent, task } satisfies Errand));
}

function servicesOf(runtime: { context?: { services?: RunServices } }): RunServices {
  const services = runtime.context?.services;
  if (services === undefined) throw new CerebroError('INTERNAL', 'The graph was run without its services.');
  return services;
}
