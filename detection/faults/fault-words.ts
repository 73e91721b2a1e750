import type { EntityKind } from '../../domain/entity.ts';
import type { Clue } from './clue.ts';

/** What runs code of ours. */
export const running: readonly EntityKind[] = [
  'service',
  'workload',
  'pod',
  'container',
  'function',
  'gateway',
  'other',
];
/** What answers calls. */
export const serving: readonly EntityKind[] = [...running, 'database', 'cache', 'queue'];
/** What moves at those who wait for a faulty party. */
export const waitingCallers = [
  'latency',
  'errors',
  'pool',
  'retries',
  'traffic',
  'queue',
  'network/edge-gap',
  'database-latency',
  'availability',
  'event-loop',
  'memory',
  'logs',
  'cpu',
  'file-handles',
];
/** What moves at those who get more calls than usual. */
export const loadedCallees = [
  'traffic',
  'cpu',
  'latency',
  'database-work',
  'database-latency',
  'pool',
  'event-loop',
  'network/edge-gap',
  'memory',
  'errors',
  'queue',
  'cache',
  'logs',
];
/** What moves at those who share a machine that is short of CPU. */
export const starvedNeighbours = [
  'latency',
  'event-loop',
  'network/edge-gap',
  'database-latency',
  'pool',
  'queue',
  'errors',
  'host-cpu',
  'logs',
  'lock',
  // A starved process answers its probes too late.
  'availability',
];

/** One clue of a signature: where, which patterns, weight, what it says, conditions. */
export const clue = (
  ...[where, shows, weight, says, more = {}]: [
    Clue['where'],
    string | readonly string[],
    number,
    string,
    Partial<Clue>?,
  ]
): Clue => ({ where, shows: typeof shows === 'string' ? [shows] : shows, weight, says, ...more });

/** Marks a clue without which (or another so marked) the kind is no candidate. */
export const must = { required: true };
