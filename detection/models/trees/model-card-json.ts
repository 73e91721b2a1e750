import { z } from 'zod';

/** Schema of a model's card. */
export const modelCardJson = z.object({
  method: z.string(),
  options: z.record(z.string(), z.unknown()),
  features: z.array(z.string()),
  trainedRows: z.number(),
});

/** The names given, or f0, f1, ... where there are none for each column. */
export function namesOf(features: readonly string[], columns: number): readonly string[] {
  return features.length === columns ? features : Array.from({ length: columns }, (_, column) => `f${column}`);
}
