import type { EntityKind } from '../../domain/entity.ts';
import type { Clue } from './clue.ts';
import type { FaultKind } from './fault-kind.ts';

/** What moves at those who call a workload that fails. */
export const callers = [
  'latency',
  'errors',
  'pool',
  'retries',
  'traffic',
  'queue',
  'availability',
  'logs',
  'event-loop',
  'memory',
];

/** A kind whose signature is a check, an event or a log line that names it; telemetry only supports it. */
export function checked(
  kind: string,
  title: string,
  mechanism: string,
  more: { strikes?: readonly EntityKind[]; remedies: readonly string[] },
): FaultKind {
  const signature: Clue[] = [
    { where: 'self', shows: ['hint'], weight: 0.66, says: 'a check or log line names it', required: true },
    { where: 'self', shows: ['check'], weight: 0.3, says: 'a check of objects names it' },
    {
      where: 'self',
      shows: ['!availability', '-availability', '~restarts', '+errors'],
      weight: 0.15,
      says: 'it fails or restarts',
    },
    { where: 'in', shows: ['+errors', 'hint:dependency-down'], weight: 0.12, says: 'calls to it fail' },
  ];
  return {
    kind,
    title,
    mechanism,
    culprit: true,
    strikes: more.strikes ?? workloads,
    signature,
    refutes: [],
    spreads: { toCallers: callers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: more.remedies,
  };
}

/** What checks speak of. */
export const workloads: readonly EntityKind[] = [
  'service',
  'workload',
  'pod',
  'container',
  'gateway',
  'function',
  'database',
  'other',
];
export const nodes: readonly EntityKind[] = ['node', 'host'];
