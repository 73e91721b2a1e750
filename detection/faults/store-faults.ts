import type { FaultKind } from './fault-kind.ts';
import { clue, must, waitingCallers } from './fault-words.ts';

/** Kinds that strike databases and their copies. */
export const storeFaults: readonly FaultKind[] = [
  {
    kind: 'replication-lag',
    title: 'copy of a database lags',
    mechanism: '{entity} replays changes slower than they are made; reads from it are stale',
    culprit: true,
    strikes: ['database'],
    signature: [
      clue('self', ['+queue/age', '+queue/saturation'], 0.75, 'it is far behind', must),
      clue('in', ['+database-work/rate'], 0.1, 'more is written'),
      clue('self', 'hint', 0.2, 'its log says so'),
    ],
    refutes: [],
    spreads: { toCallers: waitingCallers, toCallees: [], toNeighbours: [] },
    remedies: ['limit_traffic', 'pause_job', 'scale_service'],
  },
];
