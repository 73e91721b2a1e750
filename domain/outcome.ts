import { z } from 'zod';
import { evidence } from './evidence.ts';

/**
 * How every tool call ends; a model reads it and recovers by it. Never thrown.
 * `ok`: `data` fits the tool's output schema, `evidence` is the record of it. `no-data`: nothing matched; `lookedAt` says where and over what.
 * `needs-approval`: an acting verb waits for a person. `failed`: `hint` says what to do.
 */
export const outcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ok'), data: z.unknown(), digest: z.string(), evidence: evidence.optional() }),
  z.object({ status: z.literal('no-data'), lookedAt: z.string(), hint: z.string().optional() }),
  z.object({ status: z.literal('needs-approval'), action: z.string(), reason: z.string() }),
  z.object({ status: z.literal('failed'), code: z.string(), message: z.string(), hint: z.string() }),
]);
export type Outcome = z.infer<typeof outcome>;
