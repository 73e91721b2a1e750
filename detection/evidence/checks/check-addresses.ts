import { distance } from 'fastest-levenshtein';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import type { ConfiguredAddress } from './addresses-of.ts';
import { addressesOf, serviceNameOf } from './addresses-of.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { listAt, numberAt } from './fields.ts';
import { isDatabase } from './database-behind.ts';

/** Addresses in configuration that nobody answers on: a name that is no service, a port that the service does not offer. */
export const checkAddresses = createCheck(
  {
    name: 'addresses',
    rule: 'Each address in the environment of a workload is looked up among the services: the name must exist and offer the port.',
    refutedBy:
      'Nobody misses it: no log speaks of the name and no service is called nearly so. A service that is missing while its workload runs is not the fault of its callers.',
  },
  (cluster) => {
    if (cluster.of('Service').length === 0) return [];
    const apps = new Set(cluster.workloads.map((one) => cluster.appOf(one)));
    const all = [...apps].flatMap((app) => addressesOf(cluster, app).map((address) => ({ app, address })));
    return all.flatMap(({ app, address }) => {
      const name = serviceNameOf(address.host);
      if (name === undefined) return [];
      const service = cluster.get('Service', name, address.object.namespace) ?? cluster.get('Service', name);
      if (service === undefined) return unknownHost(cluster, app, { ...address, host: name });
      const agree = all.filter(
        (other) => other.app !== app && other.address.host === address.host && other.address.port === address.port,
      );
      return unknownPort(app, { address, service, callers: agree.length });
    });
  },
);

function unknownHost(cluster: Cluster, app: string, address: ConfiguredAddress): Failed[] {
  if (cluster.workloadsOf(address.host).length > 0) return [];
  const near = cluster.of('Service').find(({ name }) => name !== address.host && distance(name, address.host) <= 2);
  const missed = cluster
    .logsOf(app)
    .find(
      ({ message }) =>
        message.includes(address.host) &&
        /resol|no such host|not found|unknown ?host|unavailable|lookup/i.test(message),
    );
  if (near === undefined && missed === undefined) return [];
  return [
    {
      entity: entityIdOf('service', app),
      faultKind: 'wrong-address',
      statement: `${app} calls ${address.host} (${address.name}), which is no service${near === undefined ? '' : `; ${near.name} is`}`,
      ...(missed === undefined ? {} : { excerpt: missed.message }),
      severity: 0.92,
      objects: [address.object, ...(near === undefined ? [] : [near])],
    },
  ];
}

function unknownPort(app: string, seen: { address: ConfiguredAddress; service: Resource; callers: number }): Failed[] {
  const { address, service, callers } = seen;
  const ports = listAt(service.object, 'spec', 'ports').flatMap((one) => numberAt(one, 'port') ?? []);
  if (address.port === undefined || ports.length === 0 || ports.includes(address.port)) return [];
  // Where several callers agree on a port, the service is the odd one out.
  const odd = callers >= 1;
  // Connection settings of a database are kept with its credentials.
  const database = isDatabase(service) && address.object.kind === 'Secret';
  return [
    {
      entity: odd ? entityIdOf('service', service.name) : entityIdOf('service', app),
      faultKind: odd ? 'port-mismatch' : database ? 'wrong-database-address' : 'wrong-address',
      statement: `${app} calls ${service.name} on port ${address.port} (${address.name}), the service offers ${ports.join(', ')}`,
      severity: 0.92,
      objects: [address.object, service],
    },
  ];
}
