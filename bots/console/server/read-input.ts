import type { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';

/** The input as its schema reads it. Throws INPUT_INVALID that names every field at fault. */
export function readInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new CerebroError('INPUT_INVALID', faults.join('; '));
}
