import type { FastifyInstance } from 'fastify';
import type { Answer } from '../../../domain/answer.ts';
import type { EntityId, Topology } from '../../../domain/entity.ts';
import type { Evidence } from '../../../domain/evidence.ts';
import type { Question } from '../../../domain/question.ts';
import type { Feedback, Investigation, RunEvent } from '../../../domain/run.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import type { Logger } from '../../../infra/runtime/logger.ts';
import type { Metrics } from '../../../infra/runtime/metrics.ts';

/** A value that a store may give at once or later. */
export type Eventually<T> = T | Promise<T>;

/** Runs a question through the graph and streams its steps; the last event is `run-end`. */
export interface Asker {
  ask(question: Question, options?: { run?: string; signal?: AbortSignal }): AsyncIterable<RunEvent>;
}

/** The durable records of incidents and conversations, newest first. */
export interface InvestigationBook {
  list(limit: number): Eventually<Investigation[]>;
  get(id: string): Eventually<Investigation | undefined>;
  addFeedback(feedback: Feedback): Eventually<unknown>;
}

/** Evidence by id: the record, the raw result behind its handle, and pages of it. */
export interface EvidenceReader {
  get(id: string): Eventually<Evidence | undefined>;
  raw(id: string): Eventually<unknown>;
  page(id: string, offset: number, limit: number): Eventually<{ items: unknown[]; total: number }>;
}

/** How an entity does right now, and why where it is not well. */
export interface EntityHealth {
  state: 'ok' | 'warn' | 'bad' | 'unknown';
  why?: string;
}

/** The live picture: who depends on whom, and how each one does. */
export interface LivePicture {
  topology: Topology;
  health: Record<EntityId, EntityHealth>;
}

/** A system that the product reads, as the about screen shows it. */
export interface ConnectedSource {
  name: string;
  kind: string;
  state: 'ok' | 'warn' | 'bad' | 'unknown';
  note?: string;
}

/** What this installation is: its version, who reasons, what is connected, what cannot be seen. */
export interface About {
  version: string;
  reasoner: string;
  sources: ConnectedSource[];
  gaps: string[];
  /** The page to inject faults with, where the lab runs. */
  lab?: { page: string };
}

/** What the console needs. It knows no agent, tool or store; `app.ts` passes what fits. */
export interface ConsoleDeps {
  asker: Asker;
  investigations: InvestigationBook;
  evidence: EvidenceReader;
  topology: { read(): Promise<LivePicture> };
  answers: { answerOf(run: string): Eventually<Answer | undefined> };
  metrics: Metrics;
  clock: Clock;
  logger: Logger;
  /** Read on each request, so that it may change while the product runs. */
  about: () => Eventually<About>;
  /** Other doors on the same port (alert webhooks, the MCP endpoint). They check their own senders. */
  mount?: (app: FastifyInstance) => Eventually<void>;
}
