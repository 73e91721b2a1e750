import type { FaultKind } from './fault-kind.ts';
import { clue, loadedCallees, must, running, starvedNeighbours, waitingCallers } from './fault-words.ts';

/** Kinds of code and settings, and causes outside anybody's service. */
export const outsideFaults: readonly FaultKind[] = [
  {
    kind: 'bad-deploy-errors',
    title: 'errors of its own code',
    mechanism: 'the code of {entity} fails on some requests',
    culprit: true,
    strikes: running,
    signature: [
      clue('self', ['+errors/error-ratio', '+errors/error-origin'], 0.45, 'it fails more often', must),
      clue('self', '+errors/error-origin', 0.35, 'its errors begin with it'),
      clue('self', 'hint', 0.45, 'its log shows a programming error'),
      clue('self', '~version', 0.25, 'it runs a new version'),
      clue('in', '+errors', 0.1, 'calls to it fail'),
    ],
    refutes: [
      clue('out', '+errors', 0.6, 'its own calls fail, which explains its errors'),
      clue(
        'self',
        [
          'hint:pool-exhaustion',
          'hint:disk-full',
          'hint:handle-leak',
          'hint:out-of-memory',
          'hint:database-lock',
          '+pool/pending',
          '+pool/errors',
        ],
        0.6,
        'its errors come from a resource that ran out',
      ),
      clue('self', ['!availability'], 0.4, 'it was down'),
    ],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['roll_back_service', 'disable_flag'],
  },
  {
    kind: 'config-error',
    title: 'wrong configuration',
    mechanism: '{entity} runs with a setting that cannot work',
    culprit: true,
    strikes: [...running, 'config', 'database'],
    signature: [
      clue('self', 'hint', 0.55, 'its log or a check names a wrong setting', must),
      clue('self', '+errors', 0.15, 'it fails more often'),
      clue('self', '~restarts', 0.1, 'it was started anew'),
    ],
    refutes: [],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['set_configuration', 'roll_back_service'],
  },
  {
    kind: 'traffic-surge',
    title: 'traffic surge',
    mechanism: 'more requests than usual arrive at {entity}, and everything behind it scales with them',
    culprit: false,
    strikes: [...running, 'external'],
    signature: [
      clue('self', '+traffic/rate', 0.75, 'its requests rose', { ...must, mostRatio: 12 }),
      clue('self', ['+cpu/rate', '+traffic/in-flight'], 0.15, 'its load rose with them'),
      clue('out', '+traffic/rate', 0.25, 'its calls rose with them'),
    ],
    refutes: [clue('out', '+traffic/fan-out', 0.4, 'it makes more calls per request')],
    spreads: {
      toCallers: [],
      toCallees: [...loadedCallees, 'retries', 'disk', 'file-handles', 'host-cpu'],
      toNeighbours: ['host-cpu', 'event-loop', 'latency', 'cpu'],
    },
    remedies: ['scale_service', 'limit_traffic'],
  },
  {
    kind: 'noisy-neighbour',
    title: 'noisy neighbour on the host',
    mechanism: 'something that is not ours takes the CPU of {entity}',
    culprit: false,
    strikes: ['host', 'node'],
    signature: [
      clue('self', '+host-cpu/unaccounted', 0.35, 'CPU is used by nobody of ours', must),
      clue('self', ['+host-cpu/pending'], 0.2, 'tasks wait for a CPU', must),
      clue('self', ['+host-cpu/rate', '+host-cpu/level'], 0.12, 'the host is busier', must),
      clue(
        'everywhere',
        ['+event-loop', '+latency/mean', '+network/edge-gap'],
        0.62,
        'services that have nothing else in common lag',
      ),
    ],
    refutes: [],
    spreads: {
      toCallers: waitingCallers,
      toCallees: [],
      toNeighbours: [...starvedNeighbours, 'retries'],
    },
    remedies: ['move_service', 'limit_neighbour'],
  },
  {
    kind: 'provider-outage',
    title: 'outage at a provider',
    mechanism: '{entity}, which is not ours, fails or is slow',
    culprit: false,
    strikes: ['external'],
    signature: [
      clue('in', '+errors', 0.6, 'calls to it fail', must),
      clue('in', ['+latency', '+network/edge-gap'], 0.55, 'calls to it take longer', must),
      clue(
        'in',
        ['hint', 'hint:dependency-down', 'hint:dns-failure', 'hint:certificate-expired'],
        0.3,
        'callers say that it fails',
      ),
    ],
    refutes: [],
    spreads: { toCallers: waitingCallers, toCallees: [], toNeighbours: [] },
    remedies: ['enable_fallback', 'contact_provider'],
  },
];
