import type { EntityId } from '../domain/entity.ts';
import type { SignalRole } from '../domain/finding.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Section, Sentence, Chart } from '../domain/answer.ts';
import type { Plan } from '../domain/plan.ts';
import type { Question, Understanding } from '../domain/question.ts';
import type { Window } from '../domain/time.ts';
import type { RunEvent } from '../domain/run.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import type { Reasoner } from '../infra/runtime/reasoner.ts';
import type { ToolClient } from '../tools/client.ts';

/** What an agent is asked: the question as understood, and what earlier agents of this run found (plain JSON, as the graph's state holds it). */
export interface AgentTask {
  run: string;
  question: Question;
  understanding: Understanding;
  evidence: Evidence[];
  /** The spans that the evidence was compared over. */
  compared?: Compared;
  diagnosis?: Diagnosis;
}

/** What was looked at, and the quiet span that it was held against where one was found. */
export interface Compared {
  window: Window;
  baseline?: Window | undefined;
  /** The measures that moved most, strongest first. */
  moved?: { entity: EntityId; role: SignalRole }[] | undefined;
}

/** Services for one run; never stored in state. */
export interface AgentContext {
  tools: ToolClient;
  reasoner: Reasoner;
  clock: Clock;
  signal: AbortSignal;
  emit(event: RunEvent): void;
}

/** What an agent hands back: cited sentences and what they cite. */
export interface AgentReport {
  headline: Sentence[];
  sections: Section[];
  charts: Chart[];
  evidence: Evidence[];
  compared?: Compared | undefined;
  /** The agent broke off; what is here is not its work. */
  failed?: boolean | undefined;
  diagnosis?: Diagnosis | undefined;
  plan?: Plan | undefined;
}

/** A specialist: a plain function over a task that knows neither LangGraph nor MCP nor any door. */
export interface Agent {
  name: string;
  description: string;
  toolNames: string[];
  run(task: AgentTask, context: AgentContext): Promise<AgentReport>;
}

/** A report with nothing in it but what is given. */
export function emptyReport(given: Partial<AgentReport> = {}): AgentReport {
  return { headline: [], sections: [], charts: [], evidence: [], ...given };
}
