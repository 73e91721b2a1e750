import type { FastifyInstance } from 'fastify';
import type { Answer } from '../../../domain/answer.ts';
import type { EntityId, Topology } from '../../../domain/entity.ts';
import type { Evidence } from '../../../domain/evidence.ts';
import type { Question } from '../../../domain/question.ts';
import type { Feedback, Investigation, RunEvent } from '../../../domain/run.ts';
import type { Sample } from '../../../domain/signal.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import type { Logger } from '../../../infra/runtime/logger.ts';
import type { Metrics } from '../../../infra/runtime/metrics.ts';
import type { SeriesBook } from './series-book.ts';

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

/** A trained model in a list. */
export interface ModelSummary {
  name: string;
  version: number;
  stage: string;
  role: string;
  method: string;
  createdAt: string;
  aliases: readonly string[];
  metrics: Readonly<Record<string, number>>;
}

/** A model's card: where it comes from, what it was measured at, and its scores over rows that no training saw. */
export interface ModelCard extends ModelSummary {
  lineage: Readonly<Record<string, unknown>>;
  options: Readonly<Record<string, unknown>>;
  importance: readonly { feature: string; share: number }[];
  confusion?: { truePositive: number; falsePositive: number; falseNegative: number; trueNegative: number };
  threshold: number;
  /** Score and one measured column over time; samples are [milliseconds, value]. */
  curve: { entity: string; column: string; scores: readonly Sample[]; values: readonly Sample[] };
  events: readonly { at: string; version: number; what: string }[];
}

/** The trained models. */
export interface ModelBook {
  list(): Eventually<ModelSummary[]>;
  /** Throws NOT_FOUND. */
  card(name: string, version: number): Eventually<ModelCard>;
}

/** What the console needs. It knows no agent, tool or store; `app.ts` passes what fits. */
export interface ConsoleDeps {
  asker: Asker;
  investigations: InvestigationBook;
  evidence: EvidenceReader;
  topology: { read(): Promise<LivePicture> };
  answers: { answerOf(run: string): Eventually<Answer | undefined> };
  /** Absent where nothing is trained here. */
  models?: ModelBook;
  /** Absent where there is nothing to watch. */
  series?: SeriesBook;
  /** How abnormal each point of a series is, 0 to 1; absent where nothing can tell. */
  scoreSeries?: (values: ArrayLike<number>, times: ArrayLike<number>) => ArrayLike<number>;
  metrics: Metrics;
  clock: Clock;
  logger: Logger;
  /** Read on each request, so that it may change while the product runs. */
  about: () => Eventually<About>;
  /** Other doors on the same port (alert webhooks, the MCP endpoint). They check their own senders. */
  mount?: (app: FastifyInstance) => Eventually<void>;
}
