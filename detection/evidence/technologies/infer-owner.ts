import type { MetricHints } from './metric-hints.ts';
import type { MetricOwner } from './metric-knowledge.ts';
import type { NameParts } from './name-parts.ts';
import { wordsOf } from './words-of.ts';

/** Parts that metrics are about, by words of their names; `labels` where such parts are usually named. The first whose word is there. */
const parts: readonly { kind: string; words: string[]; labels: string[] }[] = [
  { kind: 'container', words: ['container'], labels: ['container', 'pod', 'namespace', 'name', 'id'] },
  { kind: 'pod', words: ['pod', 'pods'], labels: ['pod', 'namespace'] },
  { kind: 'deployment', words: ['deployment', 'deployments'], labels: ['deployment', 'namespace'] },
  { kind: 'queue', words: ['queue', 'queues'], labels: ['queue', 'vhost', 'name'] },
  { kind: 'topic', words: ['topic', 'topics', 'consumergroup'], labels: ['topic', 'partition', 'consumergroup'] },
  { kind: 'table', words: ['table', 'tables'], labels: ['table', 'relname', 'schemaname'] },
  { kind: 'index', words: ['index', 'indices'], labels: ['index', 'indexrelname'] },
  {
    kind: 'volume',
    words: ['volume', 'persistentvolume', 'filesystem', 'fs', 'tablespace'],
    labels: ['mountpoint', 'device', 'volume', 'tablespace'],
  },
  { kind: 'disk', words: ['disk', 'disks', 'drive', 'device', 'md', 'smartd'], labels: ['device', 'disk'] },
  {
    kind: 'interface',
    words: ['interface', 'bonding', 'network'],
    labels: ['interface', 'device', 'ifName', 'ifIndex'],
  },
  {
    kind: 'upstream',
    words: ['upstream', 'upstreams', 'backend', 'backends'],
    labels: ['upstream', 'backend', 'proxy'],
  },
  { kind: 'pool', words: ['pool', 'pools', 'zpool', 'zfs'], labels: ['pool', 'zpool', 'name'] },
  { kind: 'process', words: ['namegroup', 'processes'], labels: ['groupname', 'process', 'name'] },
  { kind: 'breaker', words: ['circuitbreaker', 'breaker'], labels: ['name'] },
  { kind: 'vm', words: ['vm', 'vms', 'droplet', 'guest'], labels: ['vm_name', 'vm', 'droplet', 'name'] },
  { kind: 'application', words: ['app', 'application', 'applications'], labels: ['name', 'application', 'app'] },
  { kind: 'certificate', words: ['certificate', 'cert', 'ocsp'], labels: ['name', 'serial_no', 'issuer_cn', 'cn'] },
  { kind: 'unit', words: ['systemd', 'unit', 'socket', 'timer'], labels: ['name', 'unit'] },
  { kind: 'job', words: ['job', 'jobs', 'cronjob'], labels: ['job_name', 'exported_job', 'job'] },
];

/** Labels that name a part under another word than its kind. */
const kindOfLabel: Readonly<Record<string, string>> = {
  relname: 'table',
  indexrelname: 'index',
  datname: 'database',
  consumergroup: 'topic',
  mountpoint: 'volume',
  tablespace: 'volume',
  device: 'disk',
  drive: 'disk',
  backend: 'upstream',
  groupname: 'process',
  stream: 'queue',
};

/** Labels that say where something runs or how it went, and name no part of it. */
const otherLabels = new Set(
  (
    'instance job cluster namespace exported_namespace exported_job exported_instance pod container node host hostname region env environment ' +
    'realm type kind state status reason condition code return_code method operation version severity collector id ip le quantile __name__ ' +
    'set shard replica peer group scope alertname target user sha256 hash call engine'
  ).split(' '),
);

/** Words that name a part only where the name begins with it, behind the technology's: others have queues and indexes inside. */
const onlyFirst = new Set([
  'queue',
  'queues',
  'index',
  'indices',
  'pool',
  'pools',
  'job',
  'jobs',
  'device',
  'fs',
  'app',
  'process',
  'unit',
  'socket',
  'timer',
]);
/** Words that may stand one place further back. */
const inSecond = new Set(['job', 'pool']);
const ofHost = new Set(['volume', 'disk', 'interface', 'unit', 'pool']);

/** Whose a metric is by its name and by the labels that rules name it with; the instance's where nothing tells of a part. */
export function ownerOfName({ words }: NameParts, { use }: MetricHints): MetricOwner {
  const [first = '', second = ''] = words;
  if (first === 'if' && words.length > 1) return { kind: 'interface', labels: ['ifName', 'ifDescr', 'ifIndex'] };
  if (first === 'container') return { kind: 'container', labels: ['container', 'pod', 'namespace', 'name'] };
  // Metrics of a cluster's objects: `kube_<object>_<what>`.
  if (['kube', 'k8s'].includes(first) && second !== '') return { kind: second, labels: [second, 'namespace'] };
  const host = ['node', 'host', 'machine', 'system', 'systemd'].includes(first) && words.length > 1;
  const part = parts.find(({ kind, words: wanted }) =>
    wanted.some((word) => {
      const at = words.indexOf(word);
      return host
        ? ofHost.has(kind) && at >= 0
        : at > 0 &&
            (at === 1 ||
              (at <= 3 && !onlyFirst.has(word)) ||
              (at === 2 && inSecond.has(word) && words[1] !== 'thread'));
    }),
  );
  if (part !== undefined) return { kind: part.kind, labels: part.labels };
  if (host) return { kind: 'host', labels: ['instance', 'nodename'] };
  return ownerOfLabels(words, use?.labels ?? []) ?? { kind: 'instance', labels: ['instance'] };
}

/** By the labels that rules name it with: `queue`, `job_name`; of `name` the word behind the technology's says what is named. */
function ownerOfLabels(words: readonly string[], all: readonly string[]): MetricOwner | undefined {
  const labels = all.filter((label) => !otherLabels.has(label) && !otherLabels.has(wordsOf(label).at(-1) ?? ''));
  const telling = labels.find((label) => label !== 'name');
  if (telling !== undefined) {
    const [stem = telling] = telling.split(/_(?:name|id)$/);
    const kind = kindOfLabel[telling] ?? (/^if[A-Z]/.test(telling) ? 'interface' : (wordsOf(stem).at(-1) ?? stem));
    return { kind, labels: [telling, ...labels.filter((one) => one !== telling)] };
  }
  if (!labels.includes('name')) return undefined;
  const [, second = 'part'] = words;
  return { kind: sensed.has(second) ? 'sensor' : second, labels: ['name'] };
}

/** What sensors measure. */
const sensed = new Set('temperature fan voltage current power humidity sensor'.split(' '));
