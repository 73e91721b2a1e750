import { type Edge, type Entity, type EntityKind, entityIdOf } from '../../../domain/entity.ts';
import type { SourceDocument } from '../../chunk.ts';
import { documentOf } from '../reader.ts';
import { type DataPart, type DataReader, type Fields, fieldsOf, listOf, textIn } from './data-reader.ts';

const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'Rollout']);
/** A manifest is what should be; an address in a variable is a guess of who is called. */
const declared = 0.9;
const guessed = 0.6;

/**
 * Kubernetes manifests: each resource a page with its own text, and the topology it declares (workloads as the services that they run, with
 * what they mount, are configured by and call by address; ingress routes). Secrets are never read. A `List` is read item by item.
 */
export const kubernetesManifests: DataReader = {
  name: 'Kubernetes manifests',
  takes: (value) =>
    textIn(value['apiVersion']) !== '' && (textIn(value['kind']) !== '' || Array.isArray(value['items'])),
  read: (part) => {
    if (!textIn(part.value['kind']).endsWith('List')) return readResource(part, part.value, part.text, part.line);
    return listOf(part.value['items']).flatMap((item, index) =>
      readResource(part, fieldsOf(item), JSON.stringify(item, undefined, 1), part.lineOf(['items', index])),
    );
  },
};

function readResource(part: DataPart, value: Fields, text: string, line: number): SourceDocument[] {
  const kind = textIn(value['kind']);
  const metadata = fieldsOf(value['metadata']);
  const name = textIn(metadata['name']);
  if (kind === '' || name === '' || kind === 'Secret') return [];
  const namespace = textIn(metadata['namespace']);
  const uri = part.at(`${kind}/${namespace === '' ? '' : `${namespace}/`}${name}`);
  const title = `${kind} ${name}${namespace === '' ? '' : ` (${namespace})`}`;
  const graph = createGraph(uri);
  if (workloads.has(kind)) addWorkload(graph, value, namespace);
  if (kind === 'Ingress') addIngress(graph, name, value);
  const { entities, edges } = graph.topology();
  const document = documentOf(uri, title, 'document', [{ path: [title], text: text.trimEnd(), line }]);
  return [
    {
      ...document,
      entities: workloads.has(kind) ? [appOf(value, name)] : [name],
      ...(entities.length === 0 ? {} : { topology: { entities, edges } }),
    },
  ];
}

interface Graph {
  id(kind: EntityKind, name: string, namespace?: string): string;
  link(from: string, to: string, kind: Edge['kind'], confidence?: number): void;
  topology(): { entities: Entity[]; edges: Edge[] };
}

function createGraph(source: string): Graph {
  const entities = new Map<string, Entity>();
  const edges = new Map<string, Edge>();
  return {
    id: (kind, name, namespace) => {
      const id = entityIdOf(kind, name, namespace);
      if (!entities.has(id)) entities.set(id, { id, kind, name, ...(namespace === undefined ? {} : { namespace }) });
      return id;
    },
    link: (from, to, kind, confidence = declared) => {
      if (from !== to) edges.set(`${from} ${to} ${kind}`, { from, to, kind, source, confidence });
    },
    topology: () => ({ entities: [...entities.values()], edges: [...edges.values()] }),
  };
}

function addWorkload(graph: Graph, value: Fields, namespace: string): void {
  const self = graph.id('service', appOf(value, textIn(fieldsOf(value['metadata'])['name'])));
  const home = namespace === '' ? undefined : namespace;
  const pod = podSpecOf(value);
  const volume = (from: Fields): void => {
    const map = textIn(fieldsOf(from['configMap'])['name']);
    const claim = textIn(fieldsOf(from['persistentVolumeClaim'])['claimName']);
    if (map !== '') graph.link(self, graph.id('config', map, home), 'configured-by');
    if (claim !== '') graph.link(self, graph.id('volume', claim, home), 'mounts');
  };
  for (const item of listOf(pod['volumes'])) volume(fieldsOf(item));
  for (const item of [...listOf(pod['containers']), ...listOf(pod['initContainers'])]) {
    const container = fieldsOf(item);
    for (const from of listOf(container['envFrom'])) {
      const map = textIn(fieldsOf(fieldsOf(from)['configMapRef'])['name']);
      if (map !== '') graph.link(self, graph.id('config', map, home), 'configured-by');
    }
    for (const variable of listOf(container['env'])) {
      const callee = calleeOf(textIn(fieldsOf(variable)['name']), textIn(fieldsOf(variable)['value']));
      if (callee !== undefined) graph.link(self, graph.id(callee.kind, callee.name), callee.edge, guessed);
    }
  }
}

function addIngress(graph: Graph, name: string, value: Fields): void {
  const self = graph.id('gateway', name);
  const spec = fieldsOf(value['spec']);
  const backends = [
    spec['defaultBackend'],
    ...listOf(spec['rules']).flatMap((rule) =>
      listOf(fieldsOf(fieldsOf(rule)['http'])['paths']).map((path) => fieldsOf(path)['backend']),
    ),
  ];
  for (const backend of backends) {
    const service = textIn(fieldsOf(fieldsOf(backend)['service'])['name']);
    if (service !== '') graph.link(self, graph.id('service', service), 'routes-to');
  }
}

/** The service that a workload runs: its usual labels, else its name. */
function appOf(value: Fields, name: string): string {
  const own = fieldsOf(fieldsOf(value['metadata'])['labels']);
  const template = fieldsOf(fieldsOf(fieldsOf(fieldsOf(value['spec'])['template'])['metadata'])['labels']);
  const labels = { ...own, ...template };
  const named = ['app.kubernetes.io/name', 'app', 'k8s-app'].map((label) => textIn(labels[label]));
  return named.find((word) => word !== '') ?? name;
}

function podSpecOf(value: Fields): Fields {
  const spec = fieldsOf(value['spec']);
  const ofTemplate = (holder: Fields): Fields => fieldsOf(fieldsOf(holder['template'])['spec']);
  if (Array.isArray(spec['containers'])) return spec;
  const job = fieldsOf(fieldsOf(spec['jobTemplate'])['spec']);
  return job['template'] === undefined ? ofTemplate(spec) : ofTemplate(job);
}

const stores: readonly [words: RegExp, kind: EntityKind, edge: Edge['kind']][] = [
  [/postgres|mysql|maria|mongo|database|(^|[-_])db\b|jdbc|cassandra|elastic/i, 'database', 'reads'],
  [/redis|memcache|valkey|cache/i, 'cache', 'reads'],
  [/kafka|rabbit|nats|amqp|queue|sqs/i, 'queue', 'publishes'],
];

/** Whom an address in an environment variable names: `http://cart:8080`, `cart.shop.svc:80`, `postgres://orders-db/x`. */
function calleeOf(variable: string, value: string): { kind: EntityKind; name: string; edge: Edge['kind'] } | undefined {
  const match =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]*@)?([a-z0-9][a-z0-9-]*)((?:\.[a-z0-9-]+)*)(?::\d+)(?:[/?].*)?$|^[a-z][a-z0-9+.-]*:\/\/(?:[^@/\s]*@)?([a-z0-9][a-z0-9-]*)((?:\.[a-z0-9-]+)*)(?:[/?].*)?$/i.exec(
      value,
    );
  const name = match?.[1] ?? match?.[3];
  const domain = match?.[2] ?? match?.[4] ?? '';
  if (name === undefined || name === 'localhost' || /^\d+$/.test(name)) return undefined;
  // A name of the outside world has a domain that is none of the cluster's.
  if (domain !== '' && !/^\.[a-z0-9-]+(?:\.svc(?:\.cluster\.local)?)?$/.test(domain)) return undefined;
  if (/\.(?:com|net|org|io|dev)$/.test(domain)) return undefined;
  const store = stores.find(([words]) => words.test(`${variable} ${name} ${value.split('://')[0]}`));
  return { name, kind: store?.[1] ?? 'service', edge: store?.[2] ?? 'calls' };
}
