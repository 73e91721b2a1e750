import type { EffectClass } from '../../../faults/effect-symptoms.ts';
import { wordsOfName } from '../words-of-name.ts';

/** What a named value or call governs, told from the words of its name, and the effect of moving it each way. */
export interface Topic {
  /** One of these words must be there. */
  any: ReadonlySet<string>;
  /** And one of these, where the words above are common ones. */
  with?: ReadonlySet<string>;
  lowered?: EffectClass;
  raised?: EffectClass;
  /** Where it is a name and not a number, or comes and goes. */
  changed?: EffectClass;
  dropped?: EffectClass;
  added?: EffectClass;
  /** Words that stand with anything: what they stand with says more. */
  wide?: boolean;
}

const set = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** The first that fits is taken: narrow ones stand before wide ones. */
const topics: readonly Topic[] = [
  {
    any: set('liveness readiness probe healthcheck livenessprobe readinessprobe startupprobe'),
    lowered: 'probe-changed',
    raised: 'probe-changed',
    changed: 'probe-changed',
    added: 'probe-changed',
    dropped: 'probe-changed',
  },
  { any: set('verbosity loglevel'), changed: 'verbosity-raised' },
  { any: set('level verbose debug'), with: set('log logging logger level debug audit'), changed: 'verbosity-raised' },
  {
    any: set('sample sampling'),
    with: set('rate ratio log logging trace sampling probability'),
    raised: 'verbosity-raised',
  },
  {
    any: set('retention keep rotate rotation maxfiles backups'),
    raised: 'retention-raised',
    lowered: 'retention-lowered',
    dropped: 'retention-raised',
  },
  {
    any: set('backoff jitter sleep cooldown'),
    lowered: 'backoff-lowered',
    raised: 'backoff-raised',
    dropped: 'backoff-lowered',
    added: 'backoff-raised',
  },
  {
    any: set('delay wait interval'),
    with: set('retry retries base initial min max delay'),
    lowered: 'backoff-lowered',
    raised: 'backoff-raised',
    dropped: 'backoff-lowered',
  },
  {
    any: set('retry retries attempts attempt retryable redeliveries redelivery'),
    lowered: 'retries-lowered',
    raised: 'retries-raised',
    dropped: 'retries-lowered',
    added: 'retries-raised',
  },
  {
    any: set('timeout timeouts deadline'),
    lowered: 'timeout-lowered',
    raised: 'timeout-raised',
    dropped: 'timeout-raised',
    added: 'timeout-lowered',
  },
  {
    any: set('cache cached caching memo memoize lru ttl maxage evict eviction expiry'),
    lowered: 'cache-lowered',
    raised: 'cache-raised',
    dropped: 'cache-dropped',
    added: 'cache-added',
    changed: 'cache-lowered',
  },
  { any: set('idle lifetime keepalive'), with: set('pool conn conns connection connections max') },
  {
    any: set('pool maxconns poolsize maxconnections conns connections maxpoolsize'),
    lowered: 'pool-lowered',
    raised: 'pool-raised',
  },
  {
    any: set('conn conns connection connections'),
    with: set('limit max size open maxopen'),
    lowered: 'pool-lowered',
    raised: 'pool-raised',
  },
  { any: set('heap xmx xms memory mem oldspace maxoldspacesize'), lowered: 'memory-lowered', raised: 'memory-raised' },
  { any: set('cpu cpus cores gomaxprocs'), lowered: 'cpu-lowered', raised: 'cpu-raised' },
  {
    any: set('replicas replica replicacount minreplicas maxreplicas instances'),
    lowered: 'replicas-lowered',
    raised: 'replicas-raised',
  },
  {
    any: set('prefetch partitions consumers consumer qos visibility'),
    lowered: 'queue-lowered',
    raised: 'queue-raised',
    changed: 'queue-changed',
    dropped: 'queue-changed',
  },
  { any: set('ratelimit throttle qps rps burst'), lowered: 'rate-lowered', raised: 'rate-raised' },
  {
    any: set('rate limit requests'),
    with: set('rate second minute window inflight'),
    lowered: 'rate-lowered',
    raised: 'rate-raised',
  },
  {
    any: set('concurrency workers worker threads parallelism inflight parallel'),
    lowered: 'concurrency-lowered',
    raised: 'concurrency-raised',
  },
  { any: set('batch bulk chunk pagesize'), lowered: 'batch-lowered', raised: 'batch-raised' },
  { any: set('nofile ulimit descriptors openfiles'), lowered: 'handles-lowered' },
  { any: set('storage disk volume volumesize'), lowered: 'storage-lowered' },
  { any: set('image tag from'), with: set('image from tag'), changed: 'image-changed' },
  {
    any: set('command entrypoint cmd args'),
    changed: 'command-changed',
    dropped: 'command-changed',
    added: 'command-changed',
  },
  {
    any: set('runasuser user uid fsgroup runasnonroot'),
    with: set('run user securitycontext fs uid'),
    changed: 'user-changed',
    raised: 'user-changed',
    lowered: 'user-changed',
  },
  {
    any: set(
      'password passwd secret token credential credentials apikey certificate cert truststore keystore secretkeyref',
    ),
    changed: 'credential-changed',
    dropped: 'credential-changed',
  },
  {
    any: set('port targetport containerport'),
    lowered: 'port-changed',
    raised: 'port-changed',
    changed: 'port-changed',
  },
  {
    any: set('url uri host hostname endpoint address addr dsn baseurl server brokers bootstrap'),
    changed: 'address-changed',
    dropped: 'address-changed',
  },
  {
    any: set('schedule cron crontab'),
    changed: 'schedule-changed',
    lowered: 'schedule-changed',
    raised: 'schedule-changed',
  },
  {
    wide: true,
    any: set('flag feature enabled toggle experiment enable disabled rollout'),
    changed: 'flag-changed',
    raised: 'flag-changed',
    lowered: 'flag-changed',
  },
  {
    any: set('route path prefix rewrite upstream backend weight'),
    changed: 'route-changed',
    lowered: 'route-changed',
    raised: 'route-changed',
  },
  {
    wide: true,
    any: set('max min limit limits threshold size length capacity quota ceiling most least'),
    lowered: 'limit-lowered',
    raised: 'limit-raised',
  },
];

/** The narrower of what two names of one thing govern. */
export function topicOfEither(name: string, other: string): Topic | undefined {
  const found = [topicOf(name), topicOf(other)].filter((topic) => topic !== undefined);
  return found.toSorted((left, right) => topics.indexOf(left) - topics.indexOf(right))[0];
}

/** What a name governs: its last part first, then with the sections that it stands in. Undefined where no word says. */
export function topicOf(name: string): Topic | undefined {
  const parts = name.split('.').slice(-5);
  let wide: Topic | undefined;
  for (let from = parts.length - 1; from >= 0; from -= 1) {
    const list = parts.slice(from).flatMap(wordsOfName);
    const words = new Set(list.flatMap((word) => [word, word.replace(/s$/, '')]));
    const joined = list.slice(-2).join('');
    const has = (set: ReadonlySet<string>): boolean => set.has(joined) || [...words].some((word) => set.has(word));
    const found = topics.find((topic) => has(topic.any) && (topic.with === undefined || has(topic.with)));
    if (found !== undefined && found.wide !== true) return found;
    wide ??= found;
  }
  return wide;
}
