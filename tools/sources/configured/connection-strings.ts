import type { EdgeKind } from '../../../domain/entity.ts';

/** Whom a program is told to speak with. */
export interface Connection {
  /** `host:port`, or a host. */
  address: string;
  kind: EdgeKind;
}

/** Schemes of addresses that lead to another program; the port where none is written. */
const schemes: Readonly<Record<string, { kind: EdgeKind; port: number }>> = {
  postgres: { kind: 'reads', port: 5432 },
  postgresql: { kind: 'reads', port: 5432 },
  mysql: { kind: 'reads', port: 3306 },
  mariadb: { kind: 'reads', port: 3306 },
  mongodb: { kind: 'reads', port: 27_017 },
  redis: { kind: 'reads', port: 6379 },
  rediss: { kind: 'reads', port: 6379 },
  memcached: { kind: 'reads', port: 11_211 },
  amqp: { kind: 'calls', port: 5672 },
  amqps: { kind: 'calls', port: 5671 },
  nats: { kind: 'calls', port: 4222 },
  kafka: { kind: 'calls', port: 9092 },
};
const mostFound = 100;

/**
 * The connection strings of a text (environment files, properties, compose files, manifests): URLs of stores and brokers, `jdbc:` before them or not, a
 * driver behind a plus left out. Templates (`${HOST}`) are left out. Linear.
 */
export function connectionStringsIn(text: string): Connection[] {
  const found = new Map<string, Connection>();
  for (let at = text.indexOf('://'); at >= 0 && found.size < mostFound; at = text.indexOf('://', at + 3)) {
    let start = at;
    while (start > 0 && at - start < 24 && /[a-z0-9+]/i.test(text[start - 1] ?? '')) start -= 1;
    const scheme = schemes[text.slice(start, at).toLowerCase().split('+', 1)[0] ?? ''];
    if (scheme === undefined) continue;
    const rest = text.slice(at + 3, at + 500).split(/[\s"'`,;<>)\]}]/, 1)[0] ?? '';
    const authority = rest.split('/', 1)[0] ?? '';
    const host = authority.slice(authority.lastIndexOf('@') + 1);
    if (!/^[\w.-]{1,253}(?::\d{1,5})?$/.test(host)) continue;
    const address = host.includes(':') ? host : `${host}:${scheme.port}`;
    found.set(address, { address, kind: scheme.kind });
  }
  return [...found.values()];
}
