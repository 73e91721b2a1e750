import type { z } from 'zod';
import { CerebroError } from '../infra/runtime/errors.ts';
import { version } from '../infra/runtime/version.ts';
import type { Running } from './process-file.ts';

/**
 * What a running Cerebro answered, read as this one knows it. Throws BACKEND_MALFORMED that names both versions and what to do where it does not fit:
 * the command may be newer or older than what runs.
 */
export function readReply<T>(schema: z.ZodType<T>, reply: unknown, running: Pick<Running, 'url' | 'version'>): T {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const where = first === undefined ? '' : ` (${first.path.join('.')}: ${first.message})`;
  throw new CerebroError(
    'BACKEND_MALFORMED',
    `The Cerebro that runs at ${running.url} (version ${running.version ?? 'unknown'}) gave an answer that this one (version ${version}) cannot read${where}. It was started from another state of the code: stop it and start it again.`,
    { cause: parsed.error },
  );
}
