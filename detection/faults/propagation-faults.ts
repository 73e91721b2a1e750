import type { FaultKind } from './fault-kind.ts';
import { clue, must, serving, waitingCallers } from './fault-words.ts';

/** Kinds that are told by where in the call graph time is lost, when nothing says what loses it. */
export const propagationFaults: readonly FaultKind[] = [
  {
    kind: 'slow-service',
    title: 'slow by itself',
    mechanism: 'time is lost within {entity}, not in what it calls',
    culprit: true,
    strikes: serving,
    signature: [
      clue('self', '+latency/self-time', 0.68, 'time that nothing it calls accounts for rose', must),
      clue('self', '+latency/symptom-share', 0.7, 'slow requests lose their time in it', must),
      clue('self', ['+latency/mean', '+database-latency/mean'], 0.06, 'it answers slower'),
      clue('in', ['+latency', '+database-latency'], 0.1, 'calls to it take longer'),
    ],
    refutes: [
      clue('self', '+traffic/rate', 0.3, 'more requests reach it, which explains the time'),
      clue(
        'self',
        ['+cpu/rate', '+event-loop', '+pool/pending', '+lock', '+database-work/scan', '-database-work/capacity'],
        0.6,
        'a resource of its own explains the time',
      ),
      clue(
        'self',
        ['hint:database-lock', 'hint:pool-exhaustion', 'hint:out-of-memory', '!availability'],
        0.6,
        'its log or its state says why',
      ),
    ],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['roll_back_service', 'scale_service', 'restart_service'],
  },
];
