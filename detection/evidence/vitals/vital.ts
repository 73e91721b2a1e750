import { z } from 'zod';
import { entityId } from '../../../domain/entity.ts';

/** What a person reads of a thing at a glance: one number with its meaning, as the newest samples show it. */
export const vital = z.object({
  entity: entityId,
  /** What is measured, in words. */
  subject: z.string(),
  /** The kind of thing that it tells (a facet of the technologies' tables). */
  facet: z.string(),
  technology: z.string().optional(),
  /** The metrics that it is read from. */
  metrics: z.array(z.string()),
  /** Which part, where there are several. */
  labels: z.record(z.string(), z.string()),
  value: z.number(),
  unit: z.string().optional(),
  /** The limit, where there is one, and the used share of it in [0, 1]. */
  limit: z.number().optional(),
  share: z.number().optional(),
  /** Time of the newest sample, in milliseconds. */
  at: z.number(),
  tone: z.enum(['bad', 'notable', 'plain']),
  /** Whether it says that the thing itself answers, and not how some part or habit of it is (a clock that is in step). */
  answers: z.boolean(),
  /** By a technology's table, or by inference. */
  known: z.boolean(),
});
export type Vital = z.infer<typeof vital>;
