import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady, statusesOf } from './cluster.ts';
import { textAt } from './fields.ts';

/** Containers that cannot start because a secret, config map, key or volume that they name is missing. */
export const checkReferences = createCheck(
  {
    name: 'references',
    rule: 'A container is not created, or a volume is not mounted, and the kubelet names the secret, config map, key or volume that is missing or refuses.',
    refutedBy: 'The pod is ready by now, or the pod of which the event speaks is gone.',
  },
  (cluster) => cluster.of('Pod').flatMap((pod) => (isReady(pod) ? [] : missing(cluster, pod))),
);

function missing(cluster: Cluster, pod: Resource): Failed[] {
  const entity = entityIdOf('service', cluster.appOf(pod));
  const failed: Failed[] = [];
  for (const event of cluster.eventsOf(pod)) {
    const message = textAt(event.object, 'message');
    const reason = textAt(event.object, 'reason');
    const lost =
      /(secret|configmap)s? "([^"]+)" not found|couldn't find key (\S+) in (Secret|ConfigMap)|(?:references non-existent) (secret|config) key/i.exec(
        message,
      );
    if (lost !== null) {
      failed.push({
        entity,
        faultKind: 'secret-missing',
        statement: `${pod.name} needs ${lost[1] ?? lost[4] ?? 'a'} ${lost[2] ?? lost[3] ?? 'key'}, which does not exist`,
        excerpt: message,
        severity: 0.9,
        objects: [pod, event],
        ...onsetOf(event),
      });
    } else if (/^(FailedMount|FailedAttachVolume|FailedMapVolume)$/.test(reason)) {
      const denied = /permission denied|access denied|operation not permitted|EACCES/i.test(message);
      failed.push({
        entity,
        faultKind: denied ? 'volume-permission-denied' : 'volume-mount-failed',
        statement: `a volume of ${pod.name} cannot be mounted`,
        excerpt: message,
        severity: denied ? 0.85 : 0.7,
        objects: [pod, event],
        ...onsetOf(event),
      });
    }
  }
  const stuck = statusesOf(pod).find((status) =>
    /^CreateContainer(Config)?Error$/.test(textAt(status, 'state', 'waiting', 'reason')),
  );
  if (failed.length === 0 && stuck !== undefined)
    failed.push({
      entity,
      faultKind: 'secret-missing',
      statement: `a container of ${pod.name} cannot be created from its configuration`,
      excerpt: textAt(stuck, 'state', 'waiting', 'message'),
      severity: 0.75,
      objects: [pod],
    });
  return failed;
}
