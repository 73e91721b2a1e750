import type { Resource } from '../../../domain/signal.ts';
import { addressesOf, serviceNameOf } from './addresses-of.ts';
import type { Cluster } from './cluster.ts';
import { listAt, numberAt, recordAt } from './fields.ts';

/** Ports registered for databases (IANA). */
const databasePorts = new Set([1433, 1521, 3306, 5432, 5433, 6379, 9042, 27017, 33060]);

/** Whether a service offers a database's port. */
export function isDatabase(service: Resource): boolean {
  return listAt(service.object, 'spec', 'ports').some((one) => databasePorts.has(numberAt(one, 'port') ?? 0));
}

/** The application that runs the database which another is configured with: the one behind the service that its configuration names. */
export function databaseOf(cluster: Cluster, app: string): string | undefined {
  for (const { host } of addressesOf(cluster, app)) {
    const name = serviceNameOf(host);
    const service = name === undefined ? undefined : cluster.get('Service', name);
    if (service === undefined || !isDatabase(service)) continue;
    const selector = recordAt(service.object, 'spec', 'selector');
    const pod = cluster.podsWith(selector, service.namespace)[0];
    return pod === undefined ? (selector['app'] ?? service.name) : cluster.appOf(pod);
  }
  return undefined;
}
