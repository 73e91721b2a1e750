import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { podSpecOf } from './cluster.ts';
import { listAt, numberAt, recordAt, textAt } from './fields.ts';
import { listeningPortsOf, portsOf } from './probes-of.ts';

/** Service objects that lead nowhere: a selector that fits no pod, a target port or protocol that the pods do not have. */
export const checkServices = createCheck(
  {
    name: 'services',
    rule: 'The selector of a service is compared with the labels of pods and pod templates; its target ports and protocols with those that the containers declare.',
    refutedBy: 'The service has endpoints that answer, or nothing was ever meant to stand behind it.',
  },
  (cluster) =>
    cluster.of('Service').flatMap((service) => {
      const selector = recordAt(service.object, 'spec', 'selector');
      if (Object.keys(selector).length === 0) return [];
      const pods = cluster.podsWith(selector, service.namespace);
      const templates = cluster.workloads.filter(
        (one) => one.namespace === service.namespace && carries(one, selector),
      );
      if (pods.length === 0 && templates.length === 0) return unselected(cluster, service, selector);
      return mismatched(cluster, service, pods[0] ?? templates[0]);
    }),
);

function carries(workload: Resource, selector: Record<string, string>): boolean {
  const labels = recordAt(workload.object, 'spec', 'template', 'metadata', 'labels');
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function unselected(cluster: Cluster, service: Resource, selector: Record<string, string>): Failed[] {
  // Pods or a workload of the same name were surely meant; without them the service may be a leftover.
  const meant = [...cluster.podsOf(service.name), ...cluster.workloadsOf(service.name)];
  const byName = ['Deployment', 'StatefulSet'].flatMap(
    (kind) => cluster.get(kind, service.name, service.namespace) ?? [],
  );
  const main = meant[0] ?? byName[0];
  if (main === undefined) return [];
  return [
    {
      entity: entityIdOf('service', cluster.appOf(main)),
      faultKind: 'selector-mismatch',
      statement: `service ${service.name} selects ${pairs(selector)}, its pods carry ${pairs(recordAt(main.object, 'metadata', 'labels'))}`,
      severity: 0.92,
      objects: [service, main],
    },
  ];
}

function mismatched(cluster: Cluster, service: Resource, behind: Resource | undefined): Failed[] {
  if (behind === undefined) return [];
  const containers = [...listAt(podSpecOf(behind), 'containers')];
  const declared = containers.flatMap(portsOf);
  const ports = [...declared.map(({ port }) => port), ...containers.flatMap(listeningPortsOf)];
  if (ports.length === 0) return [];
  const failed: Failed[] = [];
  for (const one of listAt(service.object, 'spec', 'ports')) {
    const own = numberAt(one, 'port');
    const tests = cluster
      .of('ConnectionTest')
      .filter(({ object }) => textAt(object, 'service') === service.name && numberAt(object, 'port') === own);
    if (tests.some(({ object }) => textAt(object, 'result') === 'open')) continue;
    const target = numberAt(one, 'targetPort') ?? (textAt(one, 'targetPort') || own);
    const named = declared.find(({ name, port }) => name === target || port === target);
    const protocol = textAt(one, 'protocol') || 'TCP';
    const failing = {
      entity: entityIdOf('service', nameBehind(behind, service)),
      objects: [service, behind, ...tests],
    };
    // Command lines print no port names: a name is missed where some are known, or where the endpoints have no port.
    const isJudged = typeof target === 'number' || declared.some(({ name }) => name !== '') || isPortless(service);
    if (named === undefined && isJudged && (typeof target === 'string' || !ports.includes(target ?? 0)))
      failed.push({
        ...failing,
        faultKind: 'port-mismatch',
        statement: `service ${service.name} sends port ${own} to ${target}, its pods listen on ${[...new Set(ports)].join(', ')}`,
        // A container may listen on ports that it does not declare; a test that fails settles it.
        severity: tests.length > 0 ? 0.92 : 0.7,
      });
    else if (named !== undefined && named.protocol !== protocol)
      failed.push({
        ...failing,
        faultKind: 'protocol-mismatch',
        statement: `service ${service.name} offers port ${own} as ${protocol}, its pods as ${named.protocol}`,
        severity: 0.92,
      });
  }
  return failed;
}

/** Endpoints that are printed as bare addresses: their port did not resolve. */
function isPortless(service: Resource): boolean {
  return listAt(service.object, 'status', 'endpoints').some((one) => /^[\d.]+(,[\d.]+)*$/.test(String(one)));
}

function nameBehind(behind: Resource, service: Resource): string {
  const labels = {
    ...recordAt(behind.object, 'spec', 'template', 'metadata', 'labels'),
    ...recordAt(behind.object, 'metadata', 'labels'),
  };
  return labels['app.kubernetes.io/name'] ?? labels['app'] ?? labels['k8s-app'] ?? service.name;
}

function pairs(labels: Record<string, string>): string {
  return Object.entries(labels)
    .slice(0, 4)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
