import type { Advisory, Change, FiredAlert, LogLevel, LogRecord, Resource, Series, Span } from '../../domain/signal.ts';
import type { EntityId, Topology } from '../../domain/entity.ts';
import type { Window } from '../../domain/time.ts';

/**
 * What a source read ends in. `no-data` says where it looked. `truncated` says that more matched than was returned (limits are hard).
 * Sources throw `CerebroError` (BACKEND_*, TIMEOUT, CANCELLED, RATE_LIMITED) when the back end fails; tools turn that into `failed`.
 */
export type SourceResult<T> =
  | { status: 'ok'; items: T[]; truncated: boolean; notes: string[] }
  | { status: 'no-data'; lookedAt: string };

/** A typed metric query. Empty `entities` means all; `metrics` are exact names or globs with `*`. */
export interface MetricRequest {
  metrics: string[];
  entities: EntityId[];
  labels?: Record<string, string>;
  window: Window;
  /** Resolution; the source may answer coarser, never finer than it holds. 0 = as held. */
  stepMs: number;
  maxSeries: number;
}

export interface MetricDescription {
  metric: string;
  type: Series['type'];
  help?: string;
  unit?: string;
  entities: EntityId[];
}

/** An alerting rule that fires now, as a back end evaluates it: once for each alert of it. Names, labels and annotations are others' text. */
export interface FiringAlert {
  name: string;
  /** In the back end's own language. */
  expression: string;
  forMs: number;
  entity: EntityId;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Since when its condition held. */
  activeAt: string;
}

/** Reads metrics. `query` returns raw series: counters as counted (rates are made by whoever reads), histograms as their `_bucket`, `_sum`, `_count` series. */
export interface MetricSource {
  name: string;
  list(window: Window, signal?: AbortSignal): Promise<SourceResult<MetricDescription>>;
  query(request: MetricRequest, signal?: AbortSignal): Promise<SourceResult<Series>>;
  /** An expression in the back end's own language, where it has one (PromQL). Read only. */
  expression?(text: string, window: Window, stepMs: number, signal?: AbortSignal): Promise<SourceResult<Series>>;
  /** What fires now, where the back end evaluates alerting rules. */
  alerts?(signal?: AbortSignal): Promise<SourceResult<FiringAlert>>;
}

export interface LogRequest {
  entities: EntityId[];
  window: Window;
  minLevel?: LogLevel;
  /** Words that must all occur, case-insensitive. */
  text?: string;
  traceId?: string;
  limit: number;
}

/** Reads logs, oldest first. */
export interface LogSource {
  name: string;
  search(request: LogRequest, signal?: AbortSignal): Promise<SourceResult<LogRecord>>;
}

export interface TraceRequest {
  entities: EntityId[];
  window: Window;
  traceId?: string;
  onlyErrors?: boolean;
  minDurationMs?: number;
  /** Most spans to return; whole traces are kept together. */
  limit: number;
}

/** Reads spans, whole traces where the source holds them. */
export interface TraceSource {
  name: string;
  search(request: TraceRequest, signal?: AbortSignal): Promise<SourceResult<Span>>;
}

export interface ChangeRequest {
  entities: EntityId[];
  window: Window;
  limit: number;
}

/** Reads changes, oldest first; `show` returns one with its diff. */
export interface ChangeSource {
  name: string;
  list(request: ChangeRequest, signal?: AbortSignal): Promise<SourceResult<Change>>;
  show(id: string, signal?: AbortSignal): Promise<SourceResult<Change>>;
}

export interface ResourceRequest {
  kinds: string[];
  namespace?: string;
  name?: string;
  limit: number;
}

/** Reads cluster objects and events (kind `Event`), read only. */
export interface ClusterSource {
  name: string;
  list(request: ResourceRequest, signal?: AbortSignal): Promise<SourceResult<Resource>>;
}

/** Knows entities and edges over a window. */
export interface TopologySource {
  name: string;
  read(window: Window, signal?: AbortSignal): Promise<SourceResult<Topology>>;
}

/** Known advisories of declared dependencies. */
export interface AdvisorySource {
  name: string;
  list(entities: EntityId[], signal?: AbortSignal): Promise<SourceResult<Advisory>>;
}

/** Remembers which alerts fired, this incident's and those of earlier ones, oldest first. */
export interface AlertSource {
  name: string;
  list(window: Window, signal?: AbortSignal): Promise<SourceResult<FiredAlert>>;
}

/** Everything that the tools can read. A member is absent when nothing of its kind is connected. */
export interface Sources {
  metrics?: MetricSource;
  logs?: LogSource;
  traces?: TraceSource;
  changes?: ChangeSource;
  cluster?: ClusterSource;
  topology?: TopologySource;
  advisories?: AdvisorySource;
  alerts?: AlertSource;
}
