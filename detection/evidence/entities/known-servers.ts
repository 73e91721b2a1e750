/** Software that serves others on a port of its own, by the names that people and exporters give it. */
export interface KnownServer {
  name: string;
  /** Names that mean it, in lower case. */
  called: readonly string[];
  ports: readonly number[];
  /** What the names of its exporter's metrics begin with. */
  prefixes: readonly string[];
}

const rows: readonly (readonly [name: string, called: string, ports: string, prefixes: string])[] = [
  ['postgresql', 'postgres postgresql pg pgsql postmaster timescaledb', '5432', 'pg_'],
  ['pgbouncer', 'pgbouncer', '6432', 'pgbouncer_'],
  ['mysql', 'mysql mysqld mariadb mariadbd', '3306', 'mysql_'],
  ['redis', 'redis redis-server valkey valkey-server', '6379', 'redis_'],
  ['memcached', 'memcached memcache', '11211', 'memcached_'],
  ['mongodb', 'mongo mongodb mongod', '27017', 'mongodb_ mongo_'],
  ['elasticsearch', 'elasticsearch elastic opensearch', '9200 9300', 'elasticsearch_ opensearch_'],
  ['kafka', 'kafka', '9092', 'kafka_'],
  ['zookeeper', 'zookeeper zk', '2181', 'zk_ zookeeper_'],
  ['rabbitmq', 'rabbitmq rabbit rabbitmq-server', '5672', 'rabbitmq_'],
  ['nats', 'nats nats-server', '4222', 'nats_ gnatsd_ jetstream_'],
  ['etcd', 'etcd', '2379', 'etcd_'],
  ['nginx', 'nginx openresty', '', 'nginx_ nginxplus_'],
  ['apache', 'apache apache2 httpd', '', 'apache_'],
  ['haproxy', 'haproxy', '', 'haproxy_'],
  ['cassandra', 'cassandra scylla', '9042', 'cassandra_ scylla_'],
  ['clickhouse', 'clickhouse clickhouse-server', '8123', 'clickhouse_ ClickHouse'],
  ['consul', 'consul', '8500', 'consul_'],
  ['php-fpm', 'php-fpm phpfpm', '', 'phpfpm_'],
];

export const knownServers: readonly KnownServer[] = rows.map(([name, called, ports, prefixes]) => ({
  name,
  called: called.split(' '),
  ports: ports === '' ? [] : ports.split(' ').map(Number),
  prefixes: prefixes.split(' '),
}));

const byName = new Map(knownServers.flatMap((server) => server.called.map((name) => [name, server] as const)));

/** The software that a name means, versions and instance numbers left out (`postgresql-15`, `redis-0`); undefined for any other name. */
export function serverCalled(name: string): KnownServer | undefined {
  return byName.get(name.toLowerCase().replace(/[-_.]?\d+$/, ''));
}

/** The software whose port an address has. */
export function serverOnPort(port: number): KnownServer | undefined {
  return knownServers.find(({ ports }) => ports.includes(port));
}

/** The software whose exporter gives a metric. */
export function serverOfMetric(metric: string): KnownServer | undefined {
  return knownServers.find(({ prefixes }) => prefixes.some((prefix) => metric.startsWith(prefix)));
}
