import type { SignalRole } from '../../../domain/finding.ts';
import { type Has, levelOf, type Quantity, usedOf } from './metric-quantity.ts';
import {
  cacheWords,
  databaseWords,
  durationWords,
  leftWords,
  limitWords,
  queueWords,
  runtimes,
} from './metric-words.ts';

/** One row of the convention: when it applies and what the metric then is. First match wins. */
export interface MetricConvention {
  when(has: Has, words: readonly string[]): boolean;
  role: SignalRole;
  quantity: Quantity | ((has: Has) => Quantity);
}

/**
 * Naming conventions of Prometheus client libraries, OpenTelemetry semantic conventions, node-exporter, cAdvisor, kube-state-metrics and the
 * RED and USE methods, as words and unit suffixes; no product's list of names.
 */
export const metricConventions: readonly MetricConvention[] = [
  {
    when: (has, words) => has('info') && (has('build', 'version', 'release', 'image') || words.at(-1) === 'info'),
    role: 'version',
    quantity: 'info',
  },
  {
    when: (has, words) =>
      words.at(-1) === 'up' ||
      (has('probe') && has('success')) ||
      (has('health', 'healthy', 'ready') && !has('seconds', 'total', ...queueWords)),
    role: 'availability',
    quantity: 'level',
  },
  { when: (has) => has('start') && has('time'), role: 'restarts', quantity: 'start-time' },
  { when: (has) => has('restarts', 'restart', 'crashes'), role: 'restarts', quantity: 'count' },
  {
    when: (has) =>
      has('gc', 'scrape', 'collector', 'promhttp', 'virtual', 'spaces', 'external') ||
      (has('space') && !has('storage', 'disk', 'volume', 'filesystem')) ||
      // The data segment of a process, mostly reserved and not used.
      (has('process') && has('heap')),
    role: 'other',
    quantity: 'statistic',
  },
  {
    when: (has, words) =>
      runtimes.has(words[0] ?? '') && has('requests', 'resources', 'handles', 'threads', 'goroutines'),
    role: 'other',
    quantity: 'statistic',
  },
  {
    when: (has) => has('eventloop') || (has('event') && has('loop')),
    role: 'event-loop',
    quantity: (has) => (has('utilization') ? 'used' : has('min', 'stddev') ? 'statistic' : 'duration'),
  },
  {
    when: (has, words) =>
      has('pressure', 'load1', 'load5') ||
      (['node', 'host', 'system', 'machine'].includes(words[0] ?? '') && has('cpu')),
    role: 'host-cpu',
    quantity: (has) =>
      has('load1', 'load5', 'load15', 'load')
        ? 'statistic'
        : has('pressure')
          ? 'pending'
          : has('count', 'cores')
            ? 'max'
            : usedOf(has),
  },
  {
    when: (has) => has('lock', 'locks', 'deadlock', 'deadlocks', 'locked'),
    role: 'lock',
    quantity: (has) => (has(...durationWords) ? 'duration' : has('waiting', 'wait', 'waiters') ? 'pending' : 'count'),
  },
  // Budgets and deadlines that ran out are failures, whatever they were for.
  {
    when: (has, words) =>
      words.at(-1) === 'total' &&
      has('exhausted', 'timeout', 'timeouts', 'aborted', 'panics', 'panic') &&
      !has('pool', 'connection', 'connections', ...queueWords),
    role: 'errors',
    quantity: 'errors',
  },
  // What is left of a budget or an allowance of calls is no call, and no error of one.
  {
    when: (has) =>
      has('remaining', 'budget', 'balance', 'allowance', 'limit', 'quota') &&
      has('request', 'requests', 'calls', 'error', 'errors', 'rate', 'ratelimit', 'tokens') &&
      !has('total', 'exceeded', 'cpu', 'memory', 'disk', 'pool', 'connections', ...durationWords),
    role: 'other',
    quantity: 'level',
  },
  // A volume that may burst has a balance of credits for it.
  {
    when: (has) => has('balance') && has('burst', 'byte', 'io', 'iops', 'throughput'),
    role: 'disk',
    quantity: 'free',
  },
  { when: (has) => has('retries', 'retry', 'retried'), role: 'retries', quantity: 'count' },
  // How far a copy is behind is the age of what it has not replayed yet.
  {
    when: (has) => has('lag') && has('replica', 'replication', 'standby', 'secondary', 'slave'),
    role: 'queue',
    quantity: 'age',
  },
  {
    when: (has) =>
      has('pool', 'hikaricp') ||
      (has('connection', 'connections') &&
        (has(...databaseWords) || has('active', 'idle', 'pending', 'max', 'acquire'))),
    role: 'pool',
    quantity: (has) =>
      has('acquire', 'seconds', 'duration') || (has('wait') && has(...durationWords))
        ? 'duration'
        : has('timeouts', 'timeout', 'errors')
          ? 'errors'
          : levelOf(has),
  },
  {
    when: (has) => has(...cacheWords),
    role: 'cache',
    quantity: (has) =>
      has('hit', 'hits')
        ? 'hits'
        : has('miss', 'misses')
          ? 'misses'
          : has(...durationWords)
            ? 'duration'
            : has('requests', 'lookups', 'operations', 'gets')
              ? 'count'
              : 'level',
  },
  {
    when: (has) => has(...databaseWords),
    role: 'database-work',
    quantity: (has) =>
      has('errors', 'error', 'failures')
        ? 'errors'
        : has('scan', 'scans') && !has('idx', 'index')
          ? 'scan'
          : has('indexes', 'indices')
            ? 'indexes'
            : has('rows', 'row', 'documents', 'tuples', 'scanned')
              ? 'rows'
              : has(...durationWords)
                ? 'duration'
                : has('size', 'bytes')
                  ? 'level'
                  : 'count',
  },
  {
    when: (has) => has(...queueWords) && !has('http'),
    role: 'queue',
    quantity: (has) =>
      has('age', 'oldest')
        ? 'age'
        : has('max', 'limit', 'capacity')
          ? 'max'
          : has('free', 'headroom', 'unused')
            ? 'free'
            : has('consumers', 'subscribers')
              ? 'consumers'
              : has('published', 'enqueued', 'produced', 'sent', 'publish')
                ? 'in'
                : has('consumed', 'acked', 'processed', 'delivered', 'received', 'dequeued', 'process') &&
                    !has(...durationWords)
                  ? 'out'
                  : has(...durationWords)
                    ? 'duration'
                    : has('errors', 'failed', 'failures', 'rejected', 'refused', 'dropped')
                      ? 'errors'
                      : has('total')
                        ? 'in'
                        : 'level',
  },
  {
    when: (has) =>
      has('fds', 'fd', 'handles', 'descriptors', 'descriptor', 'files') &&
      (has('open', 'used', 'process', 'allocated', ...limitWords, ...leftWords) || has('descriptor')),
    role: 'file-handles',
    quantity: levelOf,
  },
  {
    when: (has) =>
      has('volume', 'filesystem', 'disk', 'fs', 'storage', 'inodes') &&
      has('bytes', 'usage', 'used', 'size', 'capacity', 'inodes', 'utilization', 'percent', ...leftWords) &&
      !has('io', 'read', 'written', 'reads', 'writes', 'time'),
    role: 'disk',
    quantity: (has) => (has('size', 'capacity', 'limit', 'total') && !has('used') ? 'max' : levelOf(has)),
  },
  {
    when: (has) => has('memory', 'heap', 'rss', 'resident') || (has('working') && has('set')),
    role: 'memory',
    quantity: (has) =>
      has('failures', 'failcnt', 'oom')
        ? 'errors'
        : has('limit', 'max', 'total') && !has('used')
          ? 'max'
          : has('swap', 'cache', 'mapped')
            ? 'statistic'
            : levelOf(has),
  },
  {
    when: (has) => has('cpu', 'cpus'),
    role: 'cpu',
    quantity: (has) =>
      // Schedulers, threads and sets of processors are counted; none of them is a share of their time.
      has('schedulers', 'threads', 'workers', 'queue', 'count', 'number', 'online', 'affinity', 'frequency', 'hertz')
        ? 'statistic'
        : has('throttled', 'throttling', 'cfs')
          ? 'pending'
          : has('credit', 'credits')
            ? // Credits that may be spent are left; those spent, charged or owed are no CPU time.
              has(...leftWords) && !has('surplus')
              ? 'free'
              : 'statistic'
            : has('requests', 'cores', ...limitWords) && !has('usage', 'used', 'utilization', 'percent')
              ? 'max'
              : has('user', 'system') && !has('usage')
                ? 'statistic'
                : usedOf(has),
  },
  {
    when: (has, words) =>
      has('flight', 'inflight', 'concurrent') ||
      (has('active') && has('requests', 'connections') && !runtimes.has(words[0] ?? '')),
    role: 'traffic',
    quantity: 'in-flight',
  },
  {
    when: (has) =>
      has(
        'errors',
        'error',
        'failures',
        'failed',
        'exceptions',
        'exception',
        'failure',
        '5xx',
        'throttles',
        'rejected',
        'refused',
        'shed',
      ),
    role: 'errors',
    quantity: 'errors',
  },
  {
    when: (has) => has('duration', 'latency', 'elapsed') || (has('response', 'request') && has(...durationWords)),
    role: 'latency',
    quantity: 'duration',
  },
  {
    when: (has) => has('requests', 'request', 'calls', 'rps', 'qps', 'invocations', 'hits', 'throughput'),
    role: 'traffic',
    quantity: 'count',
  },
  {
    when: (has) => has('network', 'packets', 'tcp', 'transmit', 'receive'),
    role: 'network',
    quantity: (has) =>
      has('errors', 'drop', 'dropped', 'retrans', 'retransmits', 'loss', 'errs')
        ? 'errors'
        : has('rtt', ...durationWords)
          ? 'duration'
          : 'count',
  },
];
