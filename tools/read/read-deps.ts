import type { Clock } from '../../infra/runtime/clock.ts';
import type { EvidenceStore } from '../evidence-store.ts';
import type { Sources } from '../sources/source.ts';

/** What the read tools read from. */
export interface ReadDeps {
  sources: Sources;
  evidence: EvidenceStore;
  clock: Clock;
}
