import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const pair = z.strictObject({
  edit: z.string(),
  effect: z.string(),
  file: z.string(),
  before: z.string(),
  after: z.string(),
});
/** A file before and after one edit, and the effect that a parser must read from it (`none`: behaviour stays). The same edit in several languages carries one name. */
export type DiffPair = z.infer<typeof pair>;

/**
 * The pairs of a set: `open` was at hand while the reader was written, `held-back` was written before it, `late` after it (other edits and languages); both
 * were opened only to score it.
 */
export function readPairs(set: 'open' | 'held-back' | 'late'): DiffPair[] {
  const text = readFileSync(new URL(`${set}-pairs.yaml`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => pair.parse(document.toJS()));
}
