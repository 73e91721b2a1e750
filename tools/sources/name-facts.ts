import type { EntityId } from '../../domain/entity.ts';
import { entityIdOf } from '../../domain/entity.ts';
import type { Series, Span } from '../../domain/signal.ts';
import { addressOf, exporterTargetOf, nameWithoutExporter } from '../../detection/evidence/entities/exporter-target.ts';
import { serverCalled } from '../../detection/evidence/entities/known-servers.ts';
import type { NameBook, NameFact } from '../../detection/evidence/entities/name-book.ts';

/** Who listens where, as scrape targets, exporters' targets and Kubernetes' objects tell it. */
export function factsOf(series: readonly Series[]): NameFact[] {
  const probing = new Set(series.filter(({ metric }) => metric.startsWith('probe_')).map(({ entity }) => entity));
  return series.flatMap((one): NameFact[] => {
    const { metric, labels, entity } = one;
    const stated = statedAddress(one);
    if (stated !== undefined) return [stated];
    if (probing.has(entity) || entity === 'other:unknown') return [];
    const target = exporterTargetOf(metric, { job: entity.slice(entity.indexOf(':') + 1), ...labels });
    if (target?.kind !== undefined) return [];
    if (target !== undefined) {
      const reason = target.address === undefined ? 'its exporter is called after it' : "its exporter's target";
      return [{ id: entityIdOf('service', target.name), also: target.address ?? target.name, reason }];
    }
    const instance = metric === 'up' ? addressOf(labels['instance'] ?? '') : undefined;
    if (instance === undefined || nameWithoutExporter(entity) !== undefined) return [];
    return [{ id: entity, also: instance, reason: 'it is scraped there' }];
  });
}

/** What series say whose only purpose is to name things. */
function statedAddress({ metric, labels }: Series): NameFact | undefined {
  const reason = 'its address in the cluster';
  const { service, cluster_ip: clusterIp, pod, pod_ip: podIp, namespace, nodename } = labels;
  if (metric === 'kube_service_info' && service !== undefined && clusterIp !== undefined)
    return { id: entityIdOf('service', service), also: clusterIp, reason };
  // Pods on the network of their host share its address.
  if (metric === 'kube_pod_info' && pod !== undefined && podIp !== undefined && podIp !== labels['host_ip'])
    return { id: entityIdOf('pod', pod, namespace), also: podIp, reason };
  const host = metric === 'node_uname_info' ? addressOf(labels['instance'] ?? '') : undefined;
  if (host === undefined || nodename === undefined || host.startsWith('127.')) return undefined;
  return { id: entityIdOf('host', nodename), also: host.replace(/:\d+$/, ''), reason: 'its name there' };
}

/** Databases that spans name and whose server's address they give: the server is the thing that can fail. One that is at two places is left apart. */
export function servedDatabases(names: NameBook, spans: readonly Span[]): NameFact[] {
  const servers = new Map<string, Set<EntityId>>();
  for (const { attributes } of spans) {
    const text = (...keys: string[]): string | undefined => {
      const value = keys.map((key) => attributes[key]).find((one) => one !== undefined && one !== '');
      return value === undefined ? undefined : String(value);
    };
    const system = text('db.system.name', 'db.system');
    const database = text('db.namespace', 'db.name');
    const address = text('server.address', 'net.peer.name', 'network.peer.address');
    if (system === undefined || database === undefined || address === undefined) continue;
    const port = text('server.port', 'net.peer.port') ?? serverCalled(system)?.ports[0];
    const there = names.at(port === undefined ? address : `${address}:${port}`);
    if (there === undefined) continue;
    const id = entityIdOf('database', database);
    servers.set(id, (servers.get(id) ?? new Set()).add(there));
  }
  return [...servers].flatMap(([also, [id, ...more]]) =>
    id === undefined || more.length > 0 ? [] : [{ id, also, reason: 'its server is at the address that calls name' }],
  );
}
