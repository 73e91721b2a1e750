import type { LogRecord, Resource } from '../../../domain/signal.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import { listAt, recordAt, textAt } from './fields.ts';

/** Objects, events and error logs, found by kind, name, owner and application. Every look-up is a map read. */
export interface Cluster {
  of(kind: string): readonly Resource[];
  get(kind: string, name: string, namespace?: string): Resource | undefined;
  /** What was declared in a manifest and is not in the cluster. */
  declared(kind: string): readonly Resource[];
  /** Events about an object, in the order given. */
  eventsOf(resource: Resource): readonly Resource[];
  /** The pods that carry all of the labels. */
  podsWith(labels: Readonly<Record<string, string>>, namespace: string | undefined): readonly Resource[];
  podsOf(app: string): readonly Resource[];
  /** Deployments, stateful sets and daemon sets. */
  workloads: readonly Resource[];
  workloadsOf(app: string): readonly Resource[];
  /** The application that an object belongs to: its app label, else its name without what controllers append. */
  appOf(resource: Resource): string;
  /** The application of an object that only an event names; undefined where the object is gone. */
  appOfEvent(event: Resource): string | undefined;
  logsOf(app: string): readonly LogRecord[];
  logs: readonly LogRecord[];
}

const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** Indexes what is known of a cluster. Cost linear in objects and logs. */
export function createCluster(all: readonly Resource[], logs: readonly LogRecord[] = []): Cluster {
  const resources = all.filter((one) => !isReplaced(one, all));
  const kinds = grouped(resources, ({ kind }) => kind);
  const keyed = new Map(resources.map((one) => [`${one.kind}|${one.namespace ?? ''}|${one.name}`, one]));
  const named = new Map(resources.map((one) => [`${one.kind}|${one.name}`, one]));
  const of = (kind: string): readonly Resource[] => kinds.get(kind) ?? [];
  const events = grouped(of('Event'), ({ object }) =>
    eventKey(textAt(object, 'involvedObject', 'kind'), textAt(object, 'involvedObject', 'name')),
  );
  const pods = grouped(of('Pod'), appOf);
  const workloads = workloadKinds.flatMap(of);
  const workloadsByApp = grouped(workloads, appOf);
  const logsByApp = grouped(logs, ({ entity }) => entityNameOf(entity));
  const declared = grouped(of('Manifest'), ({ object }) => textAt(object, 'kind'));
  const get: Cluster['get'] = (kind, name, namespace) =>
    namespace === undefined ? named.get(`${kind}|${name}`) : keyed.get(`${kind}|${namespace}|${name}`);
  return {
    of,
    get,
    declared: (kind) => declared.get(kind) ?? [],
    eventsOf: ({ kind, name }) => events.get(eventKey(kind, name)) ?? [],
    podsWith: (labels, namespace) =>
      of('Pod').filter(
        (pod) =>
          (namespace === undefined || pod.namespace === namespace) &&
          Object.entries(labels).every(([key, value]) => memberOf(pod.object, 'metadata', 'labels', key) === value),
      ),
    podsOf: (app) => pods.get(app) ?? [],
    workloads,
    workloadsOf: (app) => workloadsByApp.get(app) ?? [],
    appOf,
    appOfEvent: ({ object, namespace }) => {
      const kind = textAt(object, 'involvedObject', 'kind');
      const name = textAt(object, 'involvedObject', 'name');
      const known = get(kind, name, namespace) ?? get(kind, name);
      if (known !== undefined) return appOf(known);
      return of(kind).length > 0 ? undefined : stemOf(kind, name);
    },
    logsOf: (app) => logsByApp.get(app) ?? [],
    logs,
  };
}

/** A pod that is being deleted while another of its application serves: it is on its way out, and what befalls it no longer matters. */
function isReplaced(pod: Resource, all: readonly Resource[]): boolean {
  if (pod.kind !== 'Pod' || textAt(pod.object, 'metadata', 'deletionTimestamp') === '') return false;
  return all.some(
    (other) =>
      other.kind === 'Pod' &&
      other.namespace === pod.namespace &&
      textAt(other.object, 'metadata', 'deletionTimestamp') === '' &&
      appOf(other) === appOf(pod) &&
      isReady(other),
  );
}

/** Whether a pod serves: its `Ready` condition, else what a list printed. */
export function isReady(pod: Resource): boolean {
  const ready = listAt(pod.object, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready');
  if (ready !== undefined) return textAt(ready, 'status') === 'True';
  return memberOf(pod.object, 'status', 'allReady') === true;
}

/** Container statuses of a pod, those of init containers too. */
export function statusesOf(pod: Resource): unknown[] {
  return [
    ...listAt(pod.object, 'status', 'initContainerStatuses'),
    ...listAt(pod.object, 'status', 'containerStatuses'),
  ];
}

/** How often the containers of a pod were started anew. */
export function restartsOf(pod: Resource): number {
  const counts = statusesOf(pod).map((status) => Number(textAt(status, 'restartCount') || 0));
  return Math.max(0, Number(textAt(pod.object, 'status', 'restarts') || 0), ...counts);
}

/** The pod spec of a workload or a pod. */
export function podSpecOf(resource: Resource): unknown {
  return resource.kind === 'Pod'
    ? memberOf(resource.object, 'spec')
    : memberOf(resource.object, 'spec', 'template', 'spec');
}

function appOf(resource: Resource): string {
  const own = recordAt(resource.object, 'metadata', 'labels');
  const template = recordAt(resource.object, 'spec', 'template', 'metadata', 'labels');
  for (const labels of [own, template]) {
    const app = labels['app.kubernetes.io/name'] ?? labels['app'] ?? labels['k8s-app'];
    if (app !== undefined && app !== '') return app;
  }
  return stemOf(resource.kind, resource.name);
}

/** The name without the hashes and ordinals that controllers append. */
function stemOf(kind: string, name: string): string {
  if (kind === 'ReplicaSet') return name.replace(/-[a-z0-9]{8,10}$/, '');
  if (kind !== 'Pod') return name;
  return name
    .replace(/-[a-z0-9]{8,10}-[a-z0-9]{5}$/, '')
    .replace(/-\d+$/, '')
    .replace(/-[a-z0-9]{5}$/, '');
}

function eventKey(kind: string, name: string): string {
  return `${kind.toLowerCase()}|${name}`;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
