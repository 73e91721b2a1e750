import { z } from 'zod';
import { diagnosis } from './diagnosis.ts';
import { entityId } from './entity.ts';
import { evidence, evidenceId } from './evidence.ts';
import { plan } from './plan.ts';
import { understanding } from './question.ts';

/** One sentence with what carries it. A sentence without a citation does not pass, but for `kind` note (speaks of the run itself, of no fact). */
export const sentence = z.object({ text: z.string(), evidence: z.array(evidenceId), kind: z.enum(['fact', 'note']) });
export type Sentence = z.infer<typeof sentence>;

export const section = z.object({ title: z.string(), sentences: z.array(sentence) });
export type Section = z.infer<typeof section>;

/** A chart to draw from raw evidence: which evidence, and which entities to show first. */
export const chart = z.object({ title: z.string(), evidence: evidenceId, entities: z.array(entityId) });
export type Chart = z.infer<typeof chart>;

/** What goes out: a short answer first, then sections; everything cited. Plain data, rendered by each door. */
export const answer = z.object({
  run: z.string(),
  thread: z.string(),
  status: z.enum(['answered', 'clarify', 'abstained', 'failed']),
  understanding,
  headline: z.array(sentence),
  sections: z.array(section),
  charts: z.array(chart),
  diagnosis: diagnosis.optional(),
  plan: plan.optional(),
  evidence: z.array(evidence),
  /** Who wrote the words: the rules or a model's name. */
  by: z.string(),
});
export type Answer = z.infer<typeof answer>;
