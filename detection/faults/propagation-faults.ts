import type { FaultKind } from './fault-kind.ts';
import { clue, must, serving, waitingCallers } from './fault-words.ts';

const roles = [
  'cpu',
  'memory',
  'disk',
  'file-handles',
  'pool',
  'queue',
  'cache',
  'event-loop',
  'restarts',
  'database-work',
];
/** Whatever a thing shows of itself, beside how fast and how often it answers. */
const anyDeparture = [
  ...[...roles, 'other', 'latency', 'errors', 'network', 'lock', 'traffic'].map((role) => `+${role}`),
  ...[...roles, 'other', 'availability'].map((role) => `-${role}`),
  '~other',
  '!availability',
];
const everywhere = [...serving, 'host', 'node', 'volume', 'external'] as const;

/** Kinds that are told by where in the call graph time is lost, when nothing says what loses it. */
export const propagationFaults: readonly FaultKind[] = [
  {
    kind: 'slow-service',
    title: 'slow by itself',
    mechanism: 'time is lost within {entity}, not in what it calls',
    culprit: true,
    generic: true,
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
  {
    kind: 'failing-service',
    title: 'fails by itself',
    mechanism: '{entity} fails, and nothing that it needs fails before it',
    culprit: true,
    generic: true,
    strikes: serving,
    signature: [
      clue('in', '+errors', 0.45, 'calls to it fail', must),
      clue('self', '+errors', 0.4, 'it fails more often', must),
      clue('self', '+errors/error-origin', 0.3, 'its failures begin in it'),
      clue('in', 'hint:dependency-down', 0.15, 'callers say that it fails'),
    ],
    refutes: [
      clue('out', ['+errors', 'hint:dependency-down', 'hint:provider-outage'], 0.6, 'a call of its own fails first'),
      clue(
        'self',
        ['+cpu/rate', '+event-loop', '+pool/pending', '+lock', '!availability', 'hint:bad-deploy-errors'],
        0.4,
        'its state or its log says why',
      ),
    ],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['roll_back_service', 'restart_service'],
  },
  {
    kind: 'unexplained-departure',
    title: 'behaves unlike before',
    mechanism: '{entity} behaves unlike before, in a way that no known mechanism explains',
    culprit: true,
    generic: true,
    strikes: everywhere,
    signature: [
      clue('self', anyDeparture, 0.4, 'it departs from its own normal', must),
      clue('in', ['+errors', '+latency', '+network'], 0.2, 'others complain about it'),
    ],
    refutes: [],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['roll_back_service', 'restart_service'],
  },
];
