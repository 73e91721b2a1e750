import type { MetricHints } from './metric-hints.ts';
import type { MetricOwner } from './metric-knowledge.ts';
import type { NameParts } from './name-parts.ts';

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
    words: ['interface', 'if', 'bonding', 'network'],
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
  { kind: 'vm', words: ['vms', 'droplet', 'guest'], labels: ['vm_name', 'vm', 'droplet', 'name'] },
  { kind: 'application', words: ['app', 'application', 'applications'], labels: ['name', 'application', 'app'] },
  { kind: 'certificate', words: ['certificate', 'cert', 'ocsp'], labels: ['name', 'serial_no', 'issuer_cn', 'cn'] },
  { kind: 'unit', words: ['systemd', 'unit', 'socket', 'timer'], labels: ['name', 'unit'] },
  { kind: 'job', words: ['job', 'jobs', 'cronjob'], labels: ['job_name', 'exported_job', 'job'] },
];

/** Labels of rules that name a part, and its kind. */
const byLabel: Readonly<Record<string, string>> = {
  queue: 'queue',
  topic: 'topic',
  consumergroup: 'topic',
  table: 'table',
  relname: 'table',
  container: 'container',
  pod: 'pod',
  mountpoint: 'volume',
  device: 'disk',
  ifIndex: 'interface',
  upstream: 'upstream',
  backend: 'upstream',
  vm_name: 'vm',
  zone: 'zone',
  region: 'region',
  stream: 'queue',
  datname: 'database',
  groupname: 'process',
  service: 'service',
  drive: 'disk',
  disk: 'disk',
  ifName: 'interface',
  tablespace: 'volume',
  database: 'database',
  index: 'index',
  certificate: 'certificate',
  host: 'host',
  node: 'node',
  interface: 'interface',
  unit: 'unit',
  keyspace: 'keyspace',
  model: 'model',
};

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
const ofHost = new Set(['volume', 'disk', 'interface', 'unit', 'pool']);

/** Whose a metric is by its name and by the labels that rules name it with; the instance's where nothing tells of a part. */
export function ownerOfName({ words }: NameParts, { use }: MetricHints): MetricOwner {
  const [first = '', second = ''] = words;
  if (first === 'container') return { kind: 'container', labels: ['container', 'pod', 'namespace', 'name'] };
  // Metrics of a cluster's objects: `kube_<object>_<what>`.
  if (['kube', 'k8s'].includes(first) && second !== '') return { kind: second, labels: [second, 'namespace'] };
  const host = ['node', 'host', 'machine', 'system', 'systemd'].includes(first) && words.length > 1;
  const part = parts.find(({ kind, words: wanted }) =>
    wanted.some((word) => {
      const at = words.indexOf(word);
      return host ? ofHost.has(kind) && at >= 0 : at > 0 && (at === 1 || (at <= 3 && !onlyFirst.has(word)));
    }),
  );
  if (part !== undefined) return { kind: part.kind, labels: part.labels };
  if (host) return { kind: 'host', labels: ['instance', 'nodename'] };
  const labels = (use?.labels ?? []).filter((label) => !['instance', 'job', 'cluster', 'le'].includes(label));
  const labelled = labels.find((label) => byLabel[label] !== undefined);
  if (labelled !== undefined)
    return {
      kind: byLabel[labelled] ?? 'instance',
      labels: [labelled, ...labels.filter((one) => one !== labelled)],
    };
  return { kind: 'instance', labels: ['instance'] };
}
