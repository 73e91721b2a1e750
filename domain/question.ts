import { z } from 'zod';
import { entityId } from './entity.ts';
import { instant, window } from './time.ts';

export const role = z.enum(['viewer', 'responder', 'approver', 'admin']);
export type Role = z.infer<typeof role>;

/** Who asks: a person, an alert source, an MCP client, an evaluation. */
export const principal = z.object({
  id: z.string().min(1),
  kind: z.enum(['person', 'alert-source', 'mcp-client', 'evaluation', 'system']),
  name: z.string().optional(),
  roles: z.array(role),
  /** Access labels for knowledge; absent means none beyond public. */
  labels: z.array(z.string()).optional(),
});
export type Principal = z.infer<typeof principal>;

/** An alert as some monitoring system raised it. Labels and annotations are text written by others. */
export const alert = z.object({
  fingerprint: z.string(),
  name: z.string(),
  status: z.enum(['firing', 'resolved']),
  startsAt: instant,
  endsAt: instant.optional(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  source: z.string(),
  /** What its rule watches, in the back end's own language, where the source tells. */
  expression: z.string().max(8_000).optional(),
});
export type Alert = z.infer<typeof alert>;

/** What comes in. `askedAt` is the asker's now; relative times are read against it in `timeZone` (IANA name). */
export const question = z.object({
  text: z.string().max(8_000),
  thread: z.string().min(1),
  askedAt: instant,
  timeZone: z.string(),
  principal,
  alert: alert.optional(),
  /** Set by a door that knows the window (an alert, an evaluation); otherwise read from the text. */
  window: window.optional(),
});
export type Question = z.infer<typeof question>;

export const intent = z.enum([
  'diagnose',
  'status',
  'since-when',
  'what-changed',
  'impact',
  'show-metric',
  'show-logs',
  'show-traces',
  'compare',
  'forecast',
  'predict-failure',
  'dependencies',
  'vulnerabilities',
  'costs',
  'remediate',
  'history',
  'knowledge',
  'list-services',
  'help',
]);
export type Intent = z.infer<typeof intent>;

export const agentName = z.enum(['investigator', 'diagnostician', 'remediator', 'optimizer', 'security-analyst']);
export type AgentName = z.infer<typeof agentName>;

/** What was understood of a question, before anything runs. `clarify` holds one question back to the asker when it is ambiguous. */
export const understanding = z.object({
  intent,
  agents: z.array(agentName),
  entities: z.array(entityId),
  /** Words that look like names but match nothing known. */
  unknownNames: z.array(z.string()),
  /** A role or metric that was asked for: `latency`, `errors`, `cpu`, or a metric's own name. */
  metric: z.string().optional(),
  searchText: z.string().optional(),
  window: window.optional(),
  compareWith: window.optional(),
  horizonMs: z.number().optional(),
  threshold: z.number().optional(),
  clarify: z.string().optional(),
});
export type Understanding = z.infer<typeof understanding>;
