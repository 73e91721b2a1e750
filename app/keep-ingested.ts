import { CerebroError } from '../infra/runtime/errors.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { AppDeps } from './app-deps.ts';

const afterFailureMs = 10 * 60_000;

/** Brings the knowledge in line with its sources, each as often as its schedule says and at once when it was never read; unchanged pages cost next to nothing. Ends when the signal aborts. */
export async function keepIngested(
  deps: Pick<AppDeps, 'clock' | 'logger'>,
  knowledge: Knowledge,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let waitMs = afterFailureMs;
    try {
      const { due } = knowledge.due();
      if (due.length > 0) await knowledge.ingest({ only: due, signal });
      waitMs = Math.max(1_000, knowledge.due().nextMs);
    } catch (thrown) {
      if (!signal.aborted) deps.logger.warn('ingest-failed', { reason: CerebroError.from(thrown).message });
    }
    await deps.clock.sleep(waitMs, signal).catch(() => undefined);
  }
}
