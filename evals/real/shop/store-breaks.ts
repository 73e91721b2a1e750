import { blame } from '../common-breaks.ts';
import { endSession, forgotten, hoardConnections, session, sql } from '../database-sessions.ts';
import { mechanisms } from '../mechanisms.ts';
import type { Break, Rig } from '../rig.ts';
import { database, names } from './shop-names.ts';
import { peerProgram } from '../../../infra/services/python-peers.ts';

const python = (): string => peerProgram('flask') ?? 'python3';
const redisCli = async ({ programs }: Rig, ...words: string[]): Promise<void> =>
  void (await programs.run(['redis-cli', ...words]));
/** What goes wrong in PostgreSQL and Redis. */
export const storeBreaks: Break[] = [
  {
    name: 'lock',
    told: 'a batch job locks the table of stock',
    ...blame(names.postgres, mechanisms.lock, 'store'),
    apply: async (rig) =>
      session(rig, database, 'batch-job', 'BEGIN; LOCK TABLE stock IN EXCLUSIVE MODE; SELECT pg_sleep(300); COMMIT'),
    undo: (rig) => endSession(rig, database, 'batch-job'),
  },
  {
    name: 'idle-transaction',
    told: 'a forgotten terminal holds changed rows of stock',
    ...blame(names.postgres, mechanisms.lock, 'store'),
    apply: async (rig) =>
      forgotten(rig, database, 'psql-dba', 'UPDATE stock SET qty = qty + 1 WHERE product_id <= 1500'),
    undo: (rig) => endSession(rig, database, 'psql-dba'),
  },
  {
    name: 'connections',
    told: 'a report job takes all connections of PostgreSQL',
    ...blame(names.postgres, mechanisms.connections, 'store'),
    apply: async (rig) => hoardConnections(rig, database, python()),
    undo: (rig) => rig.programs.stop('report-job', 'SIGKILL'),
  },
  {
    name: 'index',
    told: 'the index of orders by user is dropped',
    ...blame(names.postgres, mechanisms.query, 'store'),
    apply: (rig) => sql(rig, database, 'DROP INDEX orders_user;'),
    undo: (rig) => sql(rig, database, 'CREATE INDEX orders_user ON orders(user_id); ANALYZE orders;'),
  },
  {
    name: 'report-query',
    heavy: true,
    told: 'an analyst runs a query that sorts everything, again and again',
    ...blame(names.postgres, mechanisms.scan, 'store'),
    apply: async (rig) => {
      for (const name of ['analyst-1', 'analyst-2', 'analyst-3'])
        session(
          rig,
          database,
          name,
          'SELECT count(*) FROM (SELECT a.user_id, md5(a.id::text || b.id::text) AS x FROM orders a JOIN orders b ON b.id < 40 ORDER BY 2) s',
        );
    },
    undo: async (rig) => {
      for (const name of ['analyst-1', 'analyst-2', 'analyst-3']) await endSession(rig, database, name);
    },
  },
  {
    name: 'postgres-stop',
    told: 'PostgreSQL is stopped',
    ...blame(names.postgres, mechanisms.down, 'store'),
    apply: (rig) => rig.programs.stop('postgres', 'SIGINT'),
    undo: (rig) => rig.programs.restart('postgres'),
  },
  {
    name: 'password',
    told: 'the password of the application is changed in the database only',
    ...blame([...names.postgres, ...names.app], mechanisms.login, 'store'),
    apply: (rig) => sql(rig, database, "ALTER ROLE shop PASSWORD 'rotated';"),
    undo: (rig) => sql(rig, database, "ALTER ROLE shop PASSWORD 'shop';"),
  },
  {
    name: 'redis-memory',
    told: 'the memory of Redis is limited to less than its keys need',
    ...blame(names.redis, mechanisms.cacheMemory, 'store'),
    apply: (rig) => redisCli(rig, 'config', 'set', 'maxmemory', '2500kb'),
    undo: (rig) => redisCli(rig, 'config', 'set', 'maxmemory', '64mb'),
  },
  {
    name: 'redis-stop',
    told: 'Redis is stopped',
    ...blame(names.redis, mechanisms.down, 'store'),
    apply: (rig) => rig.programs.stop('redis'),
    undo: (rig) => rig.programs.restart('redis'),
  },
  {
    name: 'redis-clients',
    told: 'Redis takes only a few clients',
    ...blame(names.redis, mechanisms.connections, 'store'),
    apply: async (rig) => {
      rig.programs.start('cache-browser', [
        python(),
        '-c',
        'import names.redis, time\nheld = [redis.Redis() for _ in range(400)]\nfor one in held: one.ping()\ntime.sleep(600)',
      ]);
      await redisCli(rig, 'config', 'set', 'maxclients', '300');
    },
    undo: async (rig) => {
      await rig.programs.stop('cache-browser', 'SIGKILL');
      await rig.programs.restart('redis');
    },
  },
  {
    name: 'redis-blocked',
    told: 'a script keeps Redis busy for most of each second',
    ...blame(names.redis, mechanisms.blocked, 'store'),
    apply: async (rig) =>
      rig.programs.start('keys-report', [
        'sh',
        '-c',
        "while true; do redis-cli eval \"local t = redis.call('TIME'); local e = t[1] * 1000000 + t[2] + 900000; repeat t = redis.call('TIME') until t[1] * 1000000 + t[2] > e return 1\" 0; sleep 0.1; done",
      ]),
    undo: (rig) => rig.programs.stop('keys-report', 'SIGKILL'),
  },
];
