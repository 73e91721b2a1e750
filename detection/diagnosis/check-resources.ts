import type { EntityId } from '../../domain/entity.ts';
import { entityIdOf, entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Resource } from '../../domain/signal.ts';
import { memberOf } from '../signals/member-of.ts';
import { makeFinding } from '../signals/make-finding.ts';

/** What a check says: which entity, which kind of the catalogue, why, and quoted words of the cluster. */
interface Failed {
  entity: EntityId;
  faultKind: string;
  statement: string;
  excerpt?: string;
  severity: number;
}

const reasonKinds: Readonly<Record<string, string>> = {
  ImagePullBackOff: 'image-pull-failed',
  ErrImagePull: 'image-pull-failed',
  InvalidImageName: 'image-pull-failed',
  CrashLoopBackOff: 'crash-loop',
  CreateContainerConfigError: 'secret-missing',
  CreateContainerError: 'config-error',
  OOMKilled: 'out-of-memory',
  FailedMount: 'volume-mount-failed',
  FailedAttachVolume: 'volume-mount-failed',
  FailedScheduling: 'unschedulable',
  Unhealthy: 'probe-misconfigured',
  NodeNotReady: 'node-not-ready',
};

/**
 * Deterministic checks over cluster objects and events: pods (waiting and ending reasons, restarts), workloads without replicas, services
 * that select nothing, nodes, claims, warning events. Each failed check cites its object and names a kind of the catalogue. Never throws on
 * odd objects.
 */
export function checkResources(resources: readonly Resource[]): Finding[] {
  const failed: { resource: Resource; check: Failed }[] = [];
  for (const resource of resources) {
    for (const check of checksOf(resource, resources)) failed.push({ resource, check });
  }
  const findings = failed.map(({ resource, check }) =>
    makeFinding({
      kind: resource.kind === 'Event' ? 'event' : 'failed-check',
      entity: check.entity,
      signal: { type: 'resource', role: 'config', name: `${resource.kind}/${resource.name}`.slice(0, 160) },
      statement: check.statement,
      ...(check.excerpt === undefined ? {} : { excerpt: check.excerpt.slice(0, 300) }),
      direction: 'changed',
      severity: check.severity,
      faultKind: check.faultKind,
      data: { object: `${resource.kind} ${resource.namespace ?? ''}/${resource.name}`.slice(0, 200) },
    }),
  );
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()].sort(
    (left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1),
  );
}

function checksOf(resource: Resource, all: readonly Resource[]): Failed[] {
  const object = resource.object;
  switch (resource.kind) {
    case 'Pod':
      return podChecks(resource, object);
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
      return memberOf(object, 'spec', 'replicas') === 0 && resource.kind !== 'ReplicaSet'
        ? [
            {
              entity: workloadOf(resource),
              faultKind: 'zero-replicas',
              statement: `${resource.name} is scaled to no replicas`,
              severity: 0.8,
            },
          ]
        : [];
    case 'Service':
      return serviceChecks(resource, all);
    case 'Node':
      return nodeChecks(resource, object);
    case 'PersistentVolumeClaim':
      return memberOf(object, 'status', 'phase') === 'Pending'
        ? [
            {
              entity: entityIdOf('volume', resource.name, resource.namespace),
              faultKind: 'volume-mount-failed',
              statement: `claim ${resource.name} is not bound`,
              severity: 0.7,
            },
          ]
        : [];
    case 'Event':
      return eventChecks(resource, object);
    default:
      return [];
  }
}

function podChecks(resource: Resource, object: unknown): Failed[] {
  const entity = ownerOf(resource);
  const failed: Failed[] = [];
  for (const status of [
    ...list(memberOf(object, 'status', 'containerStatuses')),
    ...list(memberOf(object, 'status', 'initContainerStatuses')),
  ]) {
    const reasons = [
      memberOf(status, 'state', 'waiting'),
      memberOf(status, 'state', 'terminated'),
      memberOf(status, 'lastState', 'terminated'),
    ];
    for (const state of reasons) {
      const reason = text(memberOf(state, 'reason'));
      const faultKind = reasonKinds[reason];
      if (faultKind === undefined) continue;
      const message = text(memberOf(state, 'message'));
      failed.push({
        entity,
        faultKind,
        statement: `a container of ${resource.name} is in state ${reason}`,
        ...(message === '' ? {} : { excerpt: message }),
        severity: faultKind === 'crash-loop' ? 0.7 : 0.85,
      });
    }
  }
  for (const condition of list(memberOf(object, 'status', 'conditions'))) {
    if (memberOf(condition, 'type') !== 'PodScheduled' || memberOf(condition, 'status') !== 'False') continue;
    failed.push({
      entity,
      faultKind: 'unschedulable',
      statement: `${resource.name} cannot be scheduled`,
      excerpt: text(memberOf(condition, 'message')),
      severity: 0.85,
    });
  }
  if (memberOf(object, 'status', 'reason') === 'Evicted')
    failed.push({
      entity,
      faultKind: 'node-pressure',
      statement: `${resource.name} was evicted`,
      excerpt: text(memberOf(object, 'status', 'message')),
      severity: 0.6,
    });
  return failed;
}

function serviceChecks(resource: Resource, all: readonly Resource[]): Failed[] {
  const selector = memberOf(resource.object, 'spec', 'selector');
  if (typeof selector !== 'object' || selector === null || Object.keys(selector).length === 0) return [];
  const pods = all.filter(({ kind, namespace }) => kind === 'Pod' && namespace === resource.namespace);
  if (pods.length === 0) return [];
  const matched = pods.some(({ object }) =>
    Object.entries(selector).every(([key, value]) => memberOf(object, 'metadata', 'labels', key) === value),
  );
  return matched
    ? []
    : [
        {
          entity: entityIdOf('service', resource.name),
          faultKind: 'selector-mismatch',
          statement: `service ${resource.name} selects no pod`,
          severity: 0.8,
        },
      ];
}

function nodeChecks(resource: Resource, object: unknown): Failed[] {
  const entity = entityIdOf('node', resource.name);
  const failed: Failed[] = [];
  if (memberOf(object, 'spec', 'unschedulable') === true)
    failed.push({ entity, faultKind: 'node-cordoned', statement: `node ${resource.name} is cordoned`, severity: 0.6 });
  for (const condition of list(memberOf(object, 'status', 'conditions'))) {
    const type = text(memberOf(condition, 'type'));
    const status = memberOf(condition, 'status');
    if (type === 'Ready' && status !== 'True')
      failed.push({
        entity,
        faultKind: 'node-not-ready',
        statement: `node ${resource.name} is not ready`,
        excerpt: text(memberOf(condition, 'message')),
        severity: 0.9,
      });
    if (type.endsWith('Pressure') && status === 'True')
      failed.push({
        entity,
        faultKind: 'node-pressure',
        statement: `node ${resource.name} reports ${type}`,
        severity: 0.8,
      });
  }
  return failed;
}

function eventChecks(resource: Resource, object: unknown): Failed[] {
  const reason = text(memberOf(object, 'reason'));
  const message = text(memberOf(object, 'message'));
  if (memberOf(object, 'type') !== 'Warning') return [];
  const faultKind = /exceeded quota/i.test(message) ? 'quota-exceeded' : reasonKinds[reason];
  if (faultKind === undefined) return [];
  const involved = memberOf(object, 'involvedObject');
  const name = text(memberOf(involved, 'name'));
  const entity =
    text(memberOf(involved, 'kind')) === 'Node' ? entityIdOf('node', name) : entityIdOf('service', podStem(name));
  return [
    {
      entity,
      faultKind,
      statement: `event ${reason} at ${entityNameOf(entity)}`,
      excerpt: message,
      severity: faultKind === 'probe-misconfigured' ? 0.45 : 0.65,
    },
  ].filter(() => name !== '' && resource.name !== '');
}

function workloadOf(resource: Resource): EntityId {
  return entityIdOf('service', resource.name);
}

/** The service that a pod serves: its app label, else its name without the hashes that controllers append. */
function ownerOf(resource: Resource): EntityId {
  const labels = memberOf(resource.object, 'metadata', 'labels');
  const app =
    text(memberOf(labels, 'app.kubernetes.io/name')) || text(memberOf(labels, 'app')) || podStem(resource.name);
  return entityIdOf('service', app);
}

function podStem(name: string): string {
  return name.replace(/-[a-z0-9]{8,10}-[a-z0-9]{5}$/, '').replace(/-\d+$/, '');
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
