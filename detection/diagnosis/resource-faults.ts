import type { FaultKind } from './fault-kind.ts';
import { clue, must, running, starvedNeighbours, waitingCallers } from './fault-words.ts';

/** Kinds in which a resource of an entity runs out or leaks. */
export const resourceFaults: readonly FaultKind[] = [
  {
    kind: 'cpu-saturation',
    title: 'CPU saturation',
    mechanism: '{entity} computes without a pause and starves its own requests',
    culprit: true,
    strikes: [...running, 'database', 'node'],
    signature: [
      clue('self', '+cpu/rate', 0.62, 'its CPU use rose', { ...must, least: 0.45 }),
      clue('self', '+cpu/rate', 0.25, 'it uses a whole core', { least: 0.9 }),
      clue('self', '+cpu/rate', 0.3, 'it uses more than one core', { least: 1.15 }),
      clue('self', ['+event-loop'], 0.15, 'its event loop lags'),
      clue('self', '+latency', 0.15, 'it answers slower'),
      clue('in', ['+network/edge-gap', '+latency'], 0.1, 'callers wait for it'),
      clue('self', 'hint', 0.4, 'a check names it'),
    ],
    refutes: [
      clue('self', '+traffic/rate', 0.35, 'its own traffic rose, which explains the CPU'),
      clue('self', ['+database-work/scan', '-database-work/capacity'], 0.6, 'it scans more, which explains the CPU'),
      clue('self', '+memory', 0.12, 'its memory rises, so collection explains the CPU', { rising: true }),
      clue('self', ['hint:out-of-memory', '~restarts', '!availability'], 0.5, 'it was killed and started anew'),
    ],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: starvedNeighbours },
    remedies: ['scale_service', 'restart_service', 'roll_back_service'],
  },
  {
    kind: 'event-loop-block',
    title: 'event-loop block',
    mechanism: 'long synchronous work blocks the event loop of {entity}; everything that arrives meanwhile waits',
    culprit: true,
    strikes: running,
    signature: [
      clue('self', ['+event-loop/lag-max', '+event-loop/lag-p99'], 0.62, 'its event loop stands still for long', {
        ...must,
        least: 0.12,
      }),
      clue('self', ['+event-loop/lag-max', '+event-loop/lag-p99'], 0.25, 'for more than a quarter of a second', {
        least: 0.25,
      }),
      clue('self', '+latency', 0.1, 'it answers slower'),
      clue('in', ['+network/edge-gap', '+latency'], 0.15, 'callers wait for it'),
      clue('self', '+cpu/rate', 0.1, 'its CPU use rose'),
    ],
    refutes: [
      clue('self', '+cpu/rate', 0.6, 'it uses more than one core, which one blocked loop cannot', { least: 1.15 }),
      clue('self', '+memory', 0.5, 'its memory rises, so collection explains the pauses', { rising: true }),
      clue('self', ['!availability', '~restarts'], 0.5, 'it was started anew'),
    ],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['roll_back_service', 'restart_service', 'scale_service'],
  },
  {
    kind: 'memory-leak',
    title: 'memory leak',
    mechanism: '{entity} keeps what it should let go; its memory rises until it is killed',
    culprit: true,
    strikes: running,
    signature: [
      clue('self', '+memory/level', 0.72, 'its memory keeps rising', { ...must, rising: true }),
      clue(
        'self',
        ['hint:out-of-memory', '~restarts', '!availability'],
        0.35,
        'it ran out of memory or was started anew',
      ),
      clue('self', '+event-loop', 0.08, 'collection pauses it'),
    ],
    refutes: [
      clue('self', '+cpu/rate', 0.35, 'it computes on more than one core, and the memory serves that', { least: 1.1 }),
    ],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['restart_service', 'roll_back_service', 'raise_memory_limit'],
  },
  {
    kind: 'out-of-memory',
    title: 'out of memory',
    mechanism: '{entity} needs more memory than it may have and is killed',
    culprit: true,
    strikes: [...running, 'node'],
    signature: [
      clue('self', 'hint', 0.65, 'a log line, event or check says out of memory', must),
      clue('self', ['~restarts', '!availability'], 0.25, 'it was started anew'),
      clue('self', '+memory', 0.15, 'its memory rose'),
    ],
    refutes: [clue('self', '+memory/level', 0.35, 'its memory rose steadily, which is a leak', { rising: true })],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['raise_memory_limit', 'restart_service', 'roll_back_service'],
  },
  {
    kind: 'pool-exhaustion',
    title: 'connection pool exhausted',
    mechanism: 'requests of {entity} wait for one of too few connections',
    culprit: true,
    strikes: running,
    signature: [
      clue(
        'self',
        ['+pool/pending', '+pool/mean', '+pool/errors', 'hint'],
        0.5,
        'requests wait for a connection',
        must,
      ),
      clue('self', '-pool/capacity', 0.6, 'its pool became smaller', must),
      clue('self', '+pool/saturation', 0.12, 'its pool is full'),
      clue('self', '+latency', 0.08, 'it answers slower'),
      clue('self', '+errors', 0.08, 'it fails more often'),
    ],
    refutes: [
      clue('out', '+database-latency', 0.55, 'the database answers slower, which fills the pool'),
      clue('self', '+traffic/rate', 0.35, 'its own traffic rose'),
    ],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['set_configuration', 'roll_back_service', 'restart_service'],
  },
  {
    kind: 'disk-full',
    title: 'volume full',
    mechanism: 'the volume of {entity} is full; writes fail',
    culprit: true,
    strikes: [...running, 'database', 'node', 'host', 'volume'],
    signature: [
      clue('self', '+disk/saturation', 0.6, 'its volume fills up', { ...must, least: 0.5 }),
      clue('self', 'hint', 0.5, 'writes fail for lack of space', must),
      clue('self', '+disk/level', 0.2, 'it stores more'),
      clue('self', ['+errors', '+disk/errors'], 0.1, 'it fails more often'),
    ],
    refutes: [],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['clean_volume', 'grow_volume', 'roll_back_service'],
  },
  {
    kind: 'handle-leak',
    title: 'file handles leak',
    mechanism: '{entity} opens files or sockets and does not close them',
    culprit: true,
    strikes: running,
    signature: [
      clue('self', ['+file-handles/level', '+file-handles/saturation'], 0.68, 'its open handles keep rising', {
        ...must,
        rising: true,
      }),
      clue('self', 'hint', 0.45, 'opening fails for lack of handles', must),
    ],
    refutes: [
      clue(
        'self',
        ['+latency', '+traffic/in-flight', '+traffic/rate'],
        0.15,
        'more requests in flight hold more sockets',
      ),
    ],
    spreads: { toCallers: waitingCallers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['restart_service', 'roll_back_service'],
  },
];
