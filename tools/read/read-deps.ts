import type { Recalibration } from '../../detection/diagnosis/recalibrate.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import type { EvidenceStore } from '../evidence-store.ts';
import type { Sources } from '../sources/source.ts';

/** What the read tools read from. */
export interface ReadDeps {
  sources: Sources;
  evidence: EvidenceStore;
  clock: Clock;
  /** What a team's own labelled outcomes say of the shipped confidence, where there are enough of them. */
  recalibration?: () => Recalibration | undefined;
}
