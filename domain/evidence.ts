import { z } from 'zod';
import { entityId } from './entity.ts';
import { window } from './time.ts';

/** Content hash of an observation: `ev_` and 16 hexadecimal digits of SHA-256 over its canonical JSON. */
export const evidenceId = z.string().regex(/^ev_[0-9a-f]{16}$/);
export type EvidenceId = z.infer<typeof evidenceId>;

/** What an observation is about; tells a reader how to draw the raw result behind the handle. */
export const evidenceKind = z.enum([
  'metrics',
  'logs',
  'traces',
  'changes',
  'resources',
  'topology',
  'knowledge',
  'findings',
  'diagnosis',
  'costs',
  'advisories',
  'plan',
  'other',
]);
export type EvidenceKind = z.infer<typeof evidenceKind>;

/**
 * One immutable observation: what was asked, of which source, over which window, a small digest, and a handle to the raw result.
 * `tainted` says that the digest or the raw result holds text written by others.
 */
export const evidence = z.object({
  id: evidenceId,
  kind: evidenceKind,
  tool: z.string(),
  source: z.string(),
  query: z.record(z.string(), z.unknown()),
  window: window.optional(),
  entities: z.array(entityId),
  digest: z.string().max(600),
  handle: z.string(),
  size: z.number().int().min(0),
  tainted: z.boolean(),
});
export type Evidence = z.infer<typeof evidence>;
