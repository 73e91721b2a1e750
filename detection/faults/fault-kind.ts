import type { EntityKind } from '../../domain/entity.ts';
import type { Clue } from './clue.ts';

/**
 * One kind of fault: what it is, on what it can strike, the signature it must show, what refutes it, what it looks like elsewhere, and what
 * is usually done. Checks, hypotheses, remedies and reports share this table.
 */
export interface FaultKind {
  kind: string;
  title: string;
  /** The mechanism in words; `{entity}` stands for the name. */
  mechanism: string;
  culprit: boolean;
  /** Says where, and not by what mechanism. */
  generic?: boolean;
  strikes: readonly EntityKind[];
  signature: readonly Clue[];
  refutes: readonly Clue[];
  /** Roles (`role` or `role/aspect`) that it can move at those who depend on the entity, at those it depends on, and at whatever shares its machine. */
  spreads: { toCallers: readonly string[]; toCallees: readonly string[]; toNeighbours: readonly string[] };
  /** Acting verbs that usually help, best first. */
  remedies: readonly string[];
}
