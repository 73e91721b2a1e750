import type { FaultKind } from './fault-kind.ts';
import { clue, loadedCallees, must, running, waitingCallers } from './fault-words.ts';

/** Kinds that only a comparison of versions shows. */
export const changeFaults: readonly FaultKind[] = [
  {
    kind: 'bad-rollout',
    title: 'bad rollout',
    mechanism: 'the new version of {entity} that is being rolled out brings the fault',
    culprit: true,
    strikes: running,
    signature: [
      clue('self', 'hint', 0.8, 'old and new version were compared', must),
      clue('in', '+errors', 0.1, 'calls to it fail'),
      clue('self', ['+errors', '-availability'], 0.1, 'it fails more often'),
    ],
    refutes: [],
    spreads: { toCallers: [...waitingCallers, 'database-work'], toCallees: loadedCallees, toNeighbours: [] },
    remedies: ['roll_back_service'],
  },
];
