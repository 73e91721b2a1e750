import { entityIdOf } from '../../../domain/entity.ts';
import type { LogRecord } from '../../../domain/signal.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady } from './cluster.ts';
import { databaseOf } from './database-behind.ts';

/** What databases answer when they refuse, in the words of MySQL, PostgreSQL, SQL Server, Oracle and MongoDB. */
const refusals: readonly { pattern: RegExp; kind: string; of: 'client' | 'database'; says: string }[] = [
  {
    pattern:
      /too many connections|too many clients already|remaining connection slots|max_?connections|ORA-00020|connection limit exceeded/i,
    kind: 'connection-limit',
    of: 'database',
    says: 'accepts no more connections',
  },
  {
    pattern:
      /--(super-)?read-only option|read-only transaction|database is read-only|cannot execute \w+ in a read-only|super_read_only|not writable primary|READONLY You can't write/i,
    kind: 'database-read-only',
    of: 'database',
    says: 'refuses writes',
  },
  {
    pattern:
      /access denied for user|password authentication failed|login failed for user|ORA-01017|Authentication failed|SASL authentication|role "[^"]+" does not exist/i,
    kind: 'credentials-invalid',
    of: 'client',
    says: 'is refused with its credentials',
  },
];

/** Databases that refuse: connections, writes or credentials, told by the errors of those who call them. */
export const checkDatabases = createCheck(
  {
    name: 'databases',
    rule: 'Errors of a client quote the refusal of its database. A refusal of credentials is the fault of the client that brings them; a spent connection limit and a read-only mode are those of the database behind the address in its configuration.',
    refutedBy:
      'The client is ready by now and its log goes on without the error; lines of the database about clients that are gone.',
  },
  (cluster) => [...byClient(cluster)].flatMap(([app, logs]) => refusalsOf(cluster, app, logs)),
);

function byClient(cluster: Cluster): Map<string, LogRecord[]> {
  const clients = new Map<string, LogRecord[]>();
  for (const app of new Set(cluster.workloads.map((one) => cluster.appOf(one))))
    if (cluster.logsOf(app).length > 0) clients.set(app, [...cluster.logsOf(app)]);
  return clients;
}

function refusalsOf(cluster: Cluster, app: string, logs: readonly LogRecord[]): Failed[] {
  return refusals.flatMap(({ pattern, kind, of, says }): Failed[] => {
    const line = logs.find(({ message }) => pattern.test(message));
    if (line === undefined) return [];
    const database = databaseOf(cluster, app);
    if (of === 'client' && (database === undefined || database === app || cluster.podsOf(app).every(isReady)))
      return [];
    const entity = of === 'client' ? app : (database ?? app);
    const main = cluster.workloadsOf(entity)[0] ?? cluster.workloadsOf(app)[0];
    return [
      {
        entity: entityIdOf('service', entity),
        faultKind: kind,
        statement: of === 'client' ? `${app} ${says}` : `${entity} ${says}, as ${app} tells`,
        excerpt: around(line.message, pattern),
        severity: 0.9,
        onset: line.at,
        objects: main === undefined ? [] : [main],
      },
    ];
  });
}

function around(line: string, pattern: RegExp): string {
  const at = pattern.exec(line)?.index ?? 0;
  return line.slice(Math.max(0, at - 100), at + 200);
}
