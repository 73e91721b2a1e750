import { wordsOf } from '../../evidence/technologies/words-of.ts';
import type { StormAlert } from './storm-alert.ts';

/**
 * What an alert speaks of: something that its entity has and uses itself (`cpu`, `memory`, `disk`, `process`), its network, calls as they
 * come in or go out (`latency`, `errors`, `traffic`), its log, or nothing that its name tells.
 */
export type AlertKind =
  | 'cpu'
  | 'memory'
  | 'disk'
  | 'process'
  | 'network'
  | 'latency'
  | 'errors'
  | 'traffic'
  | 'log'
  | 'unknown';

/** Words of metric and alert names by what they speak of, the first that fits; naming conventions of exporters and of alert rules. */
const kindWords: readonly (readonly [AlertKind, readonly string[]])[] = [
  ['memory', ['memory', 'mem', 'heap', 'oom', 'oomkilled', 'rss', 'swap', 'gc', 'jvm', 'buffers']],
  [
    'disk',
    ['disk', 'fs', 'filesystem', 'diskio', 'io', 'iops', 'inode', 'inodes', 'volume', 'storage', 'await', 'blkio'],
  ],
  [
    'process',
    [
      'restart',
      'restarts',
      'crash',
      'crashloop',
      'crashlooping',
      'crashes',
      'killed',
      'down',
      'up',
      'absent',
      'unavailable',
      'unreachable',
      'ready',
      'replicas',
      'mismatch',
      'alive',
      'uptime',
      'processes',
      'threads',
      'fd',
      'fds',
    ],
  ],
  ['cpu', ['cpu', 'throttling', 'throttled', 'load', 'load1', 'load5', 'load15', 'cores']],
  [
    'errors',
    ['error', 'errors', 'success', 'sr', '5xx', '4xx', 'failed', 'failure', 'failures', 'exception', 'exceptions'],
  ],
  [
    'latency',
    [
      'latency',
      'duration',
      'p50',
      'p75',
      'p90',
      'p95',
      'p99',
      'response',
      'slow',
      'mrt',
      'rt',
      'rtt',
      'timeout',
      'delay',
    ],
  ],
  ['traffic', ['qps', 'rps', 'tps', 'request', 'requests', 'rr', 'traffic', 'throughput', 'count', 'calls', 'hits']],
  [
    'network',
    [
      'net',
      'network',
      'tcp',
      'packet',
      'packets',
      'transmit',
      'receive',
      'bandwidth',
      'dns',
      'rx',
      'tx',
      'bytes',
      'socket',
      'connection',
      'connections',
    ],
  ],
];

/** Kinds that an entity shows of itself, whoever calls it. */
const ownKinds: ReadonlySet<AlertKind> = new Set(['cpu', 'memory', 'disk', 'process']);

/** The kind of an alert by its source, status and the words of its name. */
export function alertKindOf({ source, name, status }: StormAlert): AlertKind {
  if (source === 'log') return 'log';
  if (source === 'trace') return status === undefined || /slow|latency|timeout/i.test(status) ? 'latency' : 'errors';
  const key = name.slice(0, 200);
  let kind = kindOfName.get(key);
  if (kind === undefined) {
    const words = new Set(wordsOf(key));
    kind = kindWords.find(([, some]) => some.some((word) => words.has(word)))?.[0] ?? 'unknown';
    // Names are few at a site; whoever sends ever new ones does not fill the memory.
    if (kindOfName.size < mostNames) kindOfName.set(key, kind);
  }
  return kind;
}

const kindOfName = new Map<string, AlertKind>();
const mostNames = 5_000;

/** Whether an alert of a kind tells of its entity itself, and not of calls that others may have made slow. */
export function isOwnEvidence(kind: AlertKind): boolean {
  return ownKinds.has(kind);
}
