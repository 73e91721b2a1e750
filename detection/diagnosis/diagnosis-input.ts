import type { EntityId, Topology } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Window } from '../../domain/time.ts';

/** The signals that a diagnosis can be made of. */
export type Coverage = Record<
  'metrics' | 'logs' | 'traces' | 'changes' | 'resources' | 'topology',
  {
    present: boolean;
    note?: string;
    /** Sentences on readings that cannot be and were set aside. */
    misread?: readonly string[];
  }
>;

/** Everything that a diagnosis is made of; nothing else is read. `focus` are the entities that were complained about, may be empty. */
export interface DiagnosisInput {
  window: Window;
  baseline: Window;
  focus: EntityId[];
  findings: Finding[];
  topology: Topology;
  coverage: Coverage;
}
