import type { Edge, Entity, EntityId, Topology } from '../../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import { addressesOf, serviceNameOf } from './addresses-of.ts';
import type { Cluster } from './cluster.ts';
import { createCluster } from './cluster.ts';
import { recordAt, textAt } from './fields.ts';

/**
 * Who depends on whom by configuration: an application calls the services whose names its environment holds, runs on the nodes of its pods,
 * and lives in a namespace. Each edge names the object that says so. Cost linear in variables.
 */
export function topologyFromResources(resources: readonly Resource[]): Topology {
  const cluster = createCluster(resources);
  const edges = new Map<string, Edge>();
  const add = (edge: Edge): void => {
    const key = `${edge.from}|${edge.to}`;
    if (edge.from !== edge.to && !edges.has(key)) edges.set(key, edge);
  };
  const apps = new Set([...cluster.workloads, ...cluster.of('Pod')].map((one) => cluster.appOf(one)));
  for (const app of apps) {
    const from = entityIdOf('service', app);
    for (const { name, host } of addressesOf(cluster, app)) {
      const to = applicationBehind(cluster, host);
      if (to !== undefined)
        add({
          from,
          to: entityIdOf('service', to),
          kind: 'calls',
          source: `environment variable ${name}`,
          confidence: 0.8,
        });
    }
    for (const pod of cluster.podsOf(app)) {
      const node = textAt(pod.object, 'spec', 'nodeName');
      if (node !== '')
        add({ from, to: entityIdOf('node', node), kind: 'runs-on', source: `Pod ${pod.name}`, confidence: 1 });
    }
    const home = (cluster.workloadsOf(app)[0] ?? cluster.podsOf(app)[0])?.namespace;
    if (home !== undefined)
      add({
        from,
        to: entityIdOf('namespace', home),
        kind: 'configured-by',
        source: `namespace of ${app}`,
        confidence: 1,
      });
  }
  const ids = new Set([...edges.values()].flatMap(({ from, to }) => [from, to]));
  return { entities: [...ids].sort().map(entityOf), edges: [...edges.values()] };
}

/** The application that stands behind a host name; the service's own name where nothing is selected. */
function applicationBehind(cluster: Cluster, host: string): string | undefined {
  const name = serviceNameOf(host);
  const service = name === undefined ? undefined : cluster.get('Service', name);
  if (service === undefined) return undefined;
  const selector = recordAt(service.object, 'spec', 'selector');
  const pod = Object.keys(selector).length === 0 ? undefined : cluster.podsWith(selector, service.namespace)[0];
  return pod === undefined ? service.name : cluster.appOf(pod);
}

function entityOf(id: EntityId): Entity {
  return { id, kind: entityKindOf(id), name: entityNameOf(id) };
}
