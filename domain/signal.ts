import { z } from 'zod';
import { entityId } from './entity.ts';
import { instant } from './time.ts';

/** One sample: milliseconds since the epoch and a finite value. */
export const sample = z.tuple([z.number(), z.number()]);
export type Sample = z.infer<typeof sample>;

/** How the values of a metric are meant: a rising counter, a level, or buckets of a distribution. */
export const metricType = z.enum(['counter', 'gauge', 'histogram', 'unknown']);
export type MetricType = z.infer<typeof metricType>;

/** A metric series of one entity: samples in time order, no duplicates, finite values only. */
export const series = z.object({
  metric: z.string(),
  type: metricType,
  entity: entityId,
  labels: z.record(z.string(), z.string()),
  unit: z.string().optional(),
  samples: z.array(sample),
});
export type Series = z.infer<typeof series>;

export const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unknown']);
export type LogLevel = z.infer<typeof logLevel>;

/** One log record. `message` and `fields` are text written by others: always tainted. */
export const logRecord = z.object({
  at: instant,
  entity: entityId,
  level: logLevel,
  message: z.string(),
  fields: z.record(z.string(), z.unknown()).optional(),
  traceId: z.string().optional(),
});
export type LogRecord = z.infer<typeof logRecord>;

/** One span of a trace. Times are milliseconds; attributes follow the OpenTelemetry semantic conventions. */
export const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentId: z.string().optional(),
  entity: entityId,
  name: z.string(),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  startMs: z.number(),
  durationMs: z.number().min(0),
  status: z.enum(['ok', 'error', 'unset']),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Span = z.infer<typeof span>;

/** What kind of change it was. */
export const changeKind = z.enum(['deploy', 'commit', 'flag', 'config', 'rollout', 'schema', 'infrastructure']);
export type ChangeKind = z.infer<typeof changeKind>;

/** Something that people or machines altered. The diff is text written by others: tainted. */
export const change = z.object({
  id: z.string(),
  at: instant,
  kind: changeKind,
  entity: entityId.optional(),
  title: z.string(),
  author: z.string().optional(),
  summary: z.string().optional(),
  ref: z.string().optional(),
  files: z.array(z.string()).optional(),
  diff: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type Change = z.infer<typeof change>;

/** A cluster object as its API gives it (Kubernetes kinds), or the parsed text of a command line where only that was recorded. */
export const resource = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  object: z.record(z.string(), z.unknown()),
});
export type Resource = z.infer<typeof resource>;

/** An alert as it once fired, with the incident that it belonged to. Of an alert about a call `entity` is the called end and `peer` the caller. */
export const firedAlert = z.object({
  at: instant,
  incident: z.string(),
  entity: entityId,
  /** What it was made of. */
  source: z.enum(['metric', 'log', 'trace', 'other']),
  name: z.string(),
  direction: z.enum(['up', 'down']).optional(),
  status: z.string().optional(),
  peer: entityId.optional(),
});
export type FiredAlert = z.infer<typeof firedAlert>;

/** A known advisory that touches a declared dependency. */
export const advisory = z.object({
  id: z.string(),
  package: z.string(),
  installed: z.string(),
  summary: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical', 'unknown']),
  fixedIn: z.string().optional(),
});
export type Advisory = z.infer<typeof advisory>;
