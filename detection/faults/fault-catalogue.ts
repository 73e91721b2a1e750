import { changeFaults } from './change-faults.ts';
import { callFaults } from './call-faults.ts';
import { clusterFaults } from './cluster-faults.ts';
import type { FaultKind } from './fault-kind.ts';
import { outsideFaults } from './outside-faults.ts';
import { propagationFaults } from './propagation-faults.ts';
import { resourceFaults } from './resource-faults.ts';
import { storeFaults } from './store-faults.ts';

/** Every kind of fault that checks, hypotheses, remedies and reports speak of. */
export const faultCatalogue: readonly FaultKind[] = [
  ...resourceFaults,
  ...callFaults,
  ...storeFaults,
  ...outsideFaults,
  ...changeFaults,
  ...propagationFaults,
  ...clusterFaults,
];

const byKind = new Map(faultCatalogue.map((row) => [row.kind, row]));

/** The row of a kind, or undefined. */
export function faultKindOf(kind: string): FaultKind | undefined {
  return byKind.get(kind);
}
