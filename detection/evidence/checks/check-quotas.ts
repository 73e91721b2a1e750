import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady } from './cluster.ts';
import { listAt, recordAt, textAt } from './fields.ts';
import { quantityOf } from './quantity.ts';

const kinds: readonly { pattern: RegExp; kind: string; word: string }[] = [
  { pattern: /storage|persistentvolumeclaims/, kind: 'storage-quota-exceeded', word: 'storage' },
  { pattern: /services/, kind: 'service-quota-exceeded', word: 'services' },
  { pattern: /cpu/, kind: 'cpu-quota-exceeded', word: 'CPU' },
  { pattern: /memory/, kind: 'memory-quota-exceeded', word: 'memory' },
  { pattern: /pods/, kind: 'pod-quota-exceeded', word: 'pods' },
];

/** Quotas that refuse objects: said by events, or seen from a full quota beside something that was declared and is not there. */
export const checkQuotas = createCheck(
  {
    name: 'quotas',
    rule: 'An event refuses an object for an exceeded quota, or a quota is full (or would be by the request) and an object that counts against it is declared or called but missing.',
    refutedBy: 'The object exists by now, or the quota has room for it.',
  },
  (cluster) => [...refused(cluster), ...missingServices(cluster), ...missingClaims(cluster), ...fullOfPods(cluster)],
);

function refused(cluster: Cluster): Failed[] {
  const failed: Failed[] = [];
  for (const event of cluster.of('Event')) {
    const message = textAt(event.object, 'message');
    const match = /exceeded quota: ([\w.-]+), requested: (.*?), used: /.exec(message);
    if (match === null || isFilled(cluster, event)) continue;
    const kind = kinds.find(({ pattern }) => pattern.test(match[2] ?? ''));
    if (kind === undefined) continue;
    const quota = cluster.get('ResourceQuota', match[1] ?? '', event.namespace);
    failed.push(
      quotaFailed(kind, event.namespace, {
        statement: `quota ${match[1]} of namespace ${event.namespace ?? 'default'} is spent on ${kind.word} and refuses ${textAt(event.object, 'involvedObject', 'name')}`,
        excerpt: message,
        objects: quota === undefined ? [event] : [quota, event],
        ...onsetOf(event),
      }),
    );
  }
  return failed;
}

/** Whether what the event complained about has all its pods by now. */
function isFilled(cluster: Cluster, event: Resource): boolean {
  const owner = cluster.get(
    textAt(event.object, 'involvedObject', 'kind'),
    textAt(event.object, 'involvedObject', 'name'),
    event.namespace,
  );
  if (owner === undefined) return false;
  const desired = Number(textAt(owner.object, 'spec', 'replicas') || Number.NaN);
  const present = cluster
    .podsOf(cluster.appOf(owner))
    .filter((pod) =>
      listAt(pod.object, 'metadata', 'ownerReferences').some((one) => textAt(one, 'name') === owner.name),
    );
  return desired <= present.length && present.every(isReady);
}

function missingServices(cluster: Cluster): Failed[] {
  return fullQuotas(cluster, /^(count\/)?services$/).flatMap((quota) => {
    const declared = cluster.declared('Service').filter(({ namespace }) => namespace === quota.namespace);
    const looked = cluster
      .of('Deployment')
      .filter(
        ({ namespace, name }) => namespace === quota.namespace && cluster.get('Service', name, namespace) === undefined,
      )
      .filter(({ name }) => cluster.logs.some(({ message }) => isFailedLookup(message, name)));
    const missing = [...declared, ...looked];
    const kind = kinds[1];
    if (missing[0] === undefined || kind === undefined) return [];
    return [
      quotaFailed(kind, quota.namespace, {
        statement: `quota ${quota.name} has no room for another service and service ${missing[0].name} does not exist`,
        objects: [quota, ...missing],
      }),
    ];
  });
}

function isFailedLookup(message: string, name: string): boolean {
  return (
    /no such host|not resolve|resolution failed|name not found|unknown ?host/i.test(message) && message.includes(name)
  );
}

function missingClaims(cluster: Cluster): Failed[] {
  const failed: Failed[] = [];
  for (const pod of cluster.of('Pod')) {
    for (const volume of listAt(pod.object, 'spec', 'volumes')) {
      const claim = textAt(volume, 'persistentVolumeClaim', 'claimName');
      if (claim === '' || cluster.get('PersistentVolumeClaim', claim, pod.namespace) !== undefined) continue;
      const wanted = cluster.declared('PersistentVolumeClaim').find(({ name }) => name === claim);
      const size = quantityOf(textAt(wanted?.object, 'spec', 'resources', 'requests', 'storage'));
      const quota = cluster.of('ResourceQuota').find((one) => one.namespace === pod.namespace && isTooSmall(one, size));
      const kind = kinds[0];
      if (quota === undefined || kind === undefined) continue;
      failed.push(
        quotaFailed(kind, pod.namespace, {
          statement: `quota ${quota.name} has no room for claim ${claim}, which ${pod.name} waits for`,
          objects: [quota, pod, ...(wanted === undefined ? [] : [wanted])],
        }),
      );
    }
  }
  return failed;
}

function isTooSmall(quota: Resource, size: number | undefined): boolean {
  const hard = recordAt(quota.object, 'status', 'hard');
  const used = recordAt(quota.object, 'status', 'used');
  return Object.keys(hard).some((key) => {
    if (!/storage$|persistentvolumeclaims$/.test(key)) return false;
    const most = quantityOf(hard[key] ?? '') ?? Number.POSITIVE_INFINITY;
    const now = quantityOf(used[key] ?? '') ?? 0;
    return key.endsWith('storage') ? size === undefined || now + size > most : now + 1 > most;
  });
}

/** Pods that are wanted and not even created, while the quota of pods is spent and no event says why. */
function fullOfPods(cluster: Cluster): Failed[] {
  return fullQuotas(cluster, /^(count\/)?pods$/).flatMap((quota) => {
    const short = cluster
      .of('Deployment')
      .find(
        (one) =>
          one.namespace === quota.namespace &&
          Number(textAt(one.object, 'spec', 'replicas') || 1) > 0 &&
          cluster.podsOf(cluster.appOf(one)).length === 0,
      );
    const kind = kinds[4];
    if (short === undefined || kind === undefined) return [];
    return [
      quotaFailed(kind, quota.namespace, {
        statement: `quota ${quota.name} has no room for another pod and ${short.name} has none`,
        objects: [quota, short],
      }),
    ];
  });
}

function fullQuotas(cluster: Cluster, resource: RegExp): Resource[] {
  return cluster.of('ResourceQuota').filter(({ object }) => {
    const hard = recordAt(object, 'status', 'hard');
    const used = recordAt(object, 'status', 'used');
    return Object.keys(hard).some(
      (key) => resource.test(key) && (quantityOf(used[key] ?? '') ?? 0) >= (quantityOf(hard[key] ?? '') ?? Infinity),
    );
  });
}

function quotaFailed(
  { kind }: { kind: string },
  namespace: string | undefined,
  rest: Pick<Failed, 'statement' | 'objects' | 'excerpt' | 'onset'>,
): Failed {
  return { entity: entityIdOf('namespace', namespace ?? 'default'), faultKind: kind, severity: 0.95, ...rest };
}
