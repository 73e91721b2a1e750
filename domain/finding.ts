import { z } from 'zod';
import { entityId } from './entity.ts';
import { evidenceId } from './evidence.ts';
import { instant } from './time.ts';

/** What a metric measures, told from its name, unit and labels by convention, never by a product's list of names. */
export const signalRole = z.enum([
  'traffic',
  'errors',
  'latency',
  'availability',
  'restarts',
  'cpu',
  'memory',
  'event-loop',
  'pool',
  'queue',
  'cache',
  'disk',
  'file-handles',
  'network',
  'database-work',
  'database-latency',
  'lock',
  'retries',
  'version',
  'logs',
  'traces',
  'config',
  'host-cpu',
  'other',
]);
export type SignalRole = z.infer<typeof signalRole>;

/** The signal that a finding speaks of: its type, role and name. */
export const signal = z.object({
  type: z.enum(['metric', 'log', 'span', 'event', 'change', 'resource']),
  role: signalRole,
  name: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type Signal = z.infer<typeof signal>;

/** How far a signal departs from its baseline. `size` is a robust standardised difference (baseline units of spread), signed. */
export const effect = z.object({
  baseline: z.number(),
  observed: z.number(),
  size: z.number(),
  ratio: z.number().optional(),
});
export type Effect = z.infer<typeof effect>;

/** A typed statement that follows from evidence. `statement` is our own words; `excerpt` quotes others and is tainted. */
export const finding = z.object({
  id: z.string(),
  kind: z.enum(['anomaly', 'log-pattern', 'span-shift', 'failed-check', 'change', 'event', 'edge-shift']),
  entity: entityId,
  /** The other end, where the finding is about a call, a mount or a query from `entity` to `peer`. */
  peer: entityId.optional(),
  signal,
  statement: z.string(),
  excerpt: z.string().optional(),
  direction: z.enum(['up', 'down', 'new', 'gone', 'changed']).optional(),
  onset: instant.optional(),
  /** When it went back to normal, by the newest samples; absent while it holds or where that is not known. */
  until: instant.optional(),
  effect: effect.optional(),
  /** How much it matters, in [0, 1]. */
  severity: z.number().min(0).max(1),
  /** A fault kind of the catalogue that a failed check or a diff names outright. */
  faultKind: z.string().optional(),
  evidence: z.array(evidenceId),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type Finding = z.infer<typeof finding>;
