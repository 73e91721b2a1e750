import { z } from 'zod';

/** What data must look like: columns that must be there and the range that each may take, ends included. All of it optional. */
export const dataSchema = z.strictObject({
  required: z.array(z.string()).default([]),
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
  /** Longest distance between two samples in milliseconds that is no gap; three usual steps unless told. */
  longestGapMs: z.number().positive().optional(),
});
export type DataSchema = z.infer<typeof dataSchema>;
