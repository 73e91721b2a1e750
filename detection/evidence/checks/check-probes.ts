import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady, restartsOf } from './cluster.ts';
import { listAt, textAt } from './fields.ts';
import type { Probe } from './probes-of.ts';
import { listeningPortsOf, portsOf, probesOf } from './probes-of.ts';

/** Probes that fail because they ask the wrong port, speak the wrong protocol or are too impatient, while the program itself is well. */
export const checkProbes = createCheck(
  {
    name: 'probes',
    rule: 'A probe fails on a pod that is not ready or was killed by it. Its port is compared with the ports of the container, its protocol with what the answer was and what the other probes speak, its patience with how long a start takes.',
    refutedBy:
      'The pod is ready and was never killed by a probe; or the program ended by itself, which makes probes fail too.',
  },
  (cluster) => cluster.of('Pod').flatMap((pod) => failing(cluster, pod)),
);

function failing(cluster: Cluster, pod: Resource): Failed[] {
  const events = cluster.eventsOf(pod);
  const unhealthy = events.filter(({ object }) => textAt(object, 'reason') === 'Unhealthy');
  const killed = events.find(({ object }) => /failed (liveness|startup) probe/.test(textAt(object, 'message')));
  const app = cluster.appOf(pod);
  const containers = containersOf(cluster, pod, app);
  const failed: Failed[] = [];
  for (const container of containers) {
    const probes = probesOf(container);
    for (const probe of probes) {
      const lethal = probe.role !== 'readiness';
      const kills = lethal && (killed !== undefined || hasProbeExit(pod, textAt(container, 'name')));
      if (lethal ? !(kills && restartsOf(pod) > 0) : isReady(pod)) continue;
      const word = probe.role === 'liveness' ? /^Liveness/i : probe.role === 'readiness' ? /^Readiness/i : /^Startup/i;
      const event = unhealthy.findLast(({ object }) => word.test(textAt(object, 'message')));
      const fault = faultOf(probe, { container, probes, message: textAt(event?.object, 'message') });
      if (fault === undefined) continue;
      failed.push({
        entity: entityIdOf('service', app),
        faultKind: fault.kind,
        statement: `the ${probe.role} probe of ${pod.name} ${fault.says}`,
        excerpt: textAt(event?.object, 'message'),
        severity: fault.severity,
        objects: [pod, ...(event === undefined ? [] : [event]), ...(killed === undefined ? [] : [killed])],
        ...onsetOf(event ?? killed),
      });
    }
  }
  return failed;
}

/** The containers as declared by the workload where it is known (a mesh rewrites the probes of its pods), else the pod's own. */
function containersOf(cluster: Cluster, pod: Resource, app: string): unknown[] {
  const workload = cluster.workloadsOf(app)[0];
  const declared = listAt(workload?.object, 'spec', 'template', 'spec', 'containers');
  return declared.length > 0 ? declared : listAt(pod.object, 'spec', 'containers');
}

function faultOf(
  probe: Probe,
  seen: { container: unknown; probes: readonly Probe[]; message: string },
): { kind: string; says: string; severity: number } | undefined {
  const prefix = probe.role === 'readiness' ? 'readiness' : 'liveness';
  const known = [...portsOf(seen.container).map(({ port }) => port), ...listeningPortsOf(seen.container)];
  const others = seen.probes.filter((other) => other.role !== probe.role);
  if (typeof probe.port === 'string' || (probe.port !== undefined && known.length > 0 && !known.includes(probe.port)))
    return {
      kind: `${prefix}-probe-wrong-port`,
      says: `asks port ${probe.port}, the container listens on ${known.join(', ')}`,
      severity: 0.92,
    };
  const foreign = others.some(
    (other) =>
      other.port === probe.port &&
      other.handler !== probe.handler &&
      other.handler !== 'tcp' &&
      probe.handler !== 'tcp',
  );
  if (
    /malformed HTTP|transport connection broken|error reading server preface|gave HTTP response to HTTPS|frame too large|server preface|first record does not look like a TLS|not implement|unexpected HTTP|missing HTTP content-type/i.test(
      seen.message,
    ) ||
    (foreign && seen.message !== '')
  )
    return {
      kind: `${prefix}-probe-wrong-protocol`,
      says: `speaks ${probe.handler} to a port that does not`,
      severity: 0.92,
    };
  if (probe.role !== 'readiness' && probe.delay + probe.period * probe.failures <= 12)
    return {
      kind: 'liveness-probe-too-eager',
      says: `kills after ${probe.delay} s and ${probe.failures} failures ${probe.period} s apart, before a start is over`,
      severity: 0.88,
    };
  return seen.message === '' ? undefined : { kind: 'probe-misconfigured', says: 'fails', severity: 0.3 };
}

function hasProbeExit(pod: Resource, container: string): boolean {
  const status = listAt(pod.object, 'status', 'containerStatuses').find((one) => textAt(one, 'name') === container);
  const code = memberOf(status, 'lastState', 'terminated', 'exitCode');
  return code === 137 || code === 143;
}
