import { z } from 'zod';
import { entityId } from './entity.ts';
import { evidenceId } from './evidence.ts';

/** One typed, reversible step. Its hash is what an approval is bound to. */
export const action = z.object({
  id: z.string(),
  verb: z.string(),
  entity: entityId,
  input: z.record(z.string(), z.unknown()),
  why: z.string(),
  risk: z.enum(['low', 'medium', 'high']),
  preCheck: z.string(),
  undo: z.string(),
  verify: z.string(),
  evidence: z.array(evidenceId),
});
export type Action = z.infer<typeof action>;

/** Ordered actions that wait for a person; nothing in a plan has been executed. */
export const plan = z.object({ actions: z.array(action), cautions: z.array(z.string()) });
export type Plan = z.infer<typeof plan>;
