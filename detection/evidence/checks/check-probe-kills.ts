import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady, restartsOf, statusesOf } from './cluster.ts';
import { listAt, textAt } from './fields.ts';
import { probesOf } from './probes-of.ts';

/** Pods that the kubelet keeps ending by a probe while the program ends cleanly each time; for when the probe itself is not known. */
export const checkProbeKills = createCheck(
  {
    name: 'probe kills',
    rule: 'Events say that a container failed its liveness probe and is ended for it, the container was started anew more than once, and it ended in good order (exit code 0 or by the signal).',
    refutedBy:
      'The container ended by itself with an error or for memory, the pod is ready, or its probes are known and checked one by one.',
  },
  (cluster) => cluster.of('Pod').flatMap((pod) => killed(cluster, pod)),
);

const byOrder = new Set([0, 137, 143]);

function killed(cluster: Cluster, pod: Resource): Failed[] {
  if (isReady(pod) || restartsOf(pod) < 2) return [];
  if (listAt(pod.object, 'spec', 'containers').some((container) => probesOf(container).length > 0)) return [];
  const events = cluster.eventsOf(pod);
  const kill = events.find(
    ({ object }) =>
      textAt(object, 'reason') === 'Killing' && /failed (liveness|startup) probe/i.test(textAt(object, 'message')),
  );
  const failure = events.find(
    ({ object }) =>
      textAt(object, 'reason') === 'Unhealthy' && /^(liveness|startup) probe/i.test(textAt(object, 'message')),
  );
  const ended = statusesOf(pod).map((status) => memberOf(status, 'lastState', 'terminated'));
  const inOrder = ended.every((last) => {
    const code = memberOf(last, 'exitCode');
    return textAt(last, 'reason') !== 'OOMKilled' && (typeof code !== 'number' || byOrder.has(code));
  });
  const event = failure ?? kill;
  if (kill === undefined || event === undefined || !inOrder) return [];
  return [
    {
      entity: entityIdOf('service', cluster.appOf(pod)),
      faultKind: 'probe-misconfigured',
      statement: `the kubelet keeps ending ${pod.name} by its liveness probe while the program itself ends in good order`,
      excerpt: textAt(event.object, 'message'),
      severity: 0.8,
      objects: [pod, event, kill],
      ...onsetOf(event),
    },
  ];
}
