import { CerebroError } from '../infra/runtime/errors.ts';
import type { EvidenceStore } from '../tools/evidence-store.ts';
import type { Guards } from '../tools/guards/open-guards.ts';
import type { AppDeps } from './app-deps.ts';

const day = 86_400_000;

/** Forgets what is old, once at start and then daily: evidence beyond 30 days or 2 GiB, budgets that nobody touched for a week. Ends when the signal aborts. */
export async function maintain(
  deps: Pick<AppDeps, 'clock' | 'logger'>,
  stores: { evidence: EvidenceStore; guards: Guards },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      stores.evidence.prune({ maxAgeMs: 30 * day, maxBytes: 2 * 1024 ** 3 });
      stores.guards.forgetOlderThan(7 * day);
    } catch (thrown) {
      deps.logger.warn('maintenance-failed', { reason: CerebroError.from(thrown).message });
    }
    await deps.clock.sleep(day, signal).catch(() => undefined);
  }
}
