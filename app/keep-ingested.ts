import { CerebroError } from '../infra/runtime/errors.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { AppDeps } from './app-deps.ts';

const everyMs = 10 * 60_000;

/** Brings the knowledge in line with its folders, at once and then every ten minutes; unchanged pages cost next to nothing. Ends when the signal aborts. */
export async function keepIngested(
  deps: Pick<AppDeps, 'clock' | 'logger'>,
  knowledge: Knowledge,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await knowledge.ingest({ signal });
    } catch (thrown) {
      if (!signal.aborted) deps.logger.warn('ingest-failed', { reason: CerebroError.from(thrown).message });
    }
    await deps.clock.sleep(everyMs, signal).catch(() => undefined);
  }
}
