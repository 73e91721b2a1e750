import { entityIdOf, entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { addressesOf, serviceNameOf } from './addresses-of.ts';
import type { Cluster } from './cluster.ts';
import { textAt } from './fields.ts';

/** From so many segments a second sent again on a node, they are lost; fewer come of late acknowledgements. */
const lossFrom = 3;

/**
 * Nodes whose network is slow, told from alerts: somewhere a few segments are sent again (timers ran out before late acknowledgements came),
 * and most of the services that answer slower or fail run on the node. Services that nobody calls are left out: they feel every fault. Where
 * segments are sent again in masses they are lost, not late, and no node is told.
 */
export function slowNodes(cluster: Cluster, departures: readonly Finding[]): Finding[] {
  const again = departures.filter(({ data }) => data?.['aspect'] === 'retransmissions');
  if (again.length === 0 || again.some(({ effect }) => (effect?.observed ?? 0) >= lossFrom)) return [];
  const called = calledServices(cluster);
  const slow = new Set(
    departures
      .filter(({ entity, signal }) => entityKindOf(entity) === 'service' && /^(latency|errors)$/.test(signal.role))
      .map(({ entity }) => entityNameOf(entity))
      .filter((name) => called.size === 0 || called.has(name)),
  );
  const votes = new Map<string, number>();
  const vote = (node: string, weight: number): void => void votes.set(node, (votes.get(node) ?? 0) + weight);
  for (const { entity } of again) vote(entityNameOf(entity), 1.5);
  for (const name of slow) {
    const nodes = new Set(cluster.podsOf(name).map(({ object }) => textAt(object, 'spec', 'nodeName')));
    for (const node of nodes) if (node !== '') vote(node, 1 / nodes.size);
  }
  const total = [...votes.values()].reduce((sum, weight) => sum + weight, 0);
  const most = Math.max(...votes.values());
  if (slow.size === 0) return [];
  return [...votes].map(([node, weight]) =>
    makeFinding({
      kind: 'anomaly',
      entity: entityIdOf('node', node),
      signal: { type: 'metric', role: 'network', name: 'delay' },
      statement: `${Math.round((100 * weight) / total)} % of the signs of a slow network point to ${node}`,
      direction: 'up',
      ...(again[0]?.onset === undefined ? {} : { onset: again[0].onset }),
      effect: { baseline: 0, observed: weight, size: 10 * weight },
      severity: weight === most ? 0.75 : 0.3,
      data: { check: 'alerts', aspect: 'delay' },
    }),
  );
}

function calledServices(cluster: Cluster): Set<string> {
  const apps = new Set(cluster.workloads.map((one) => cluster.appOf(one)));
  return new Set(
    [...apps].flatMap((app) => addressesOf(cluster, app).flatMap(({ host }) => serviceNameOf(host) ?? [])),
  );
}
