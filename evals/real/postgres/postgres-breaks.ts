import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { peerProgram } from '../../../infra/services/python-peers.ts';
import { commit } from '../commit.ts';
import { blame, commonBreaks } from '../common-breaks.ts';
import { endSession, forgotten, hoardConnections, session, sql } from '../database-sessions.ts';
import { mechanisms } from '../mechanisms.ts';
import type { Break, Rig } from '../rig.ts';
import { losePackets } from '../lose-packets.ts';

const primary = { port: 5432, name: 'bench', user: 'bench' };
const replica = { port: 5433, name: 'bench', user: 'bench' };
/** The first server by every name that it goes by. */
const first = [
  'db-1',
  'db-1:9187',
  'db-1:5432',
  '127.0.0.1:5432',
  'postgres',
  'postgresql',
  'primary',
  'database:bench',
];
const second = ['db-2', 'db-2:9188', 'db-2:5433', '127.0.0.1:5433', 'replica', 'standby', 'walreceiver'];
const host = ['node', 'host', 'db-1:9100', 'localhost'];

/** The settings of both servers are in a repository; a change is committed and loaded. */
function resettle(name: string, message: string, line: string): Pick<Break, 'name' | 'apply' | 'undo'> {
  const load = (rig: Rig): Promise<void> => sql(rig, primary, 'SELECT pg_reload_conf();');
  return {
    name,
    apply: async (rig) => {
      await commit(rig, 'db-config/tuning.conf', message, (text) => `${text}${line}\n`);
      await load(rig);
    },
    undo: async (rig) => {
      await commit(rig, 'db-config/tuning.conf', `Revert "${message}"`, (text) => text.replace(`${line}\n`, ''));
      await load(rig);
    },
  };
}

const nobody: Pick<Break, 'culprit' | 'entities' | 'faults' | 'layer'> = {
  culprit: false,
  entities: [],
  faults: [],
  layer: 'none',
};

/** What goes wrong with a pair of database servers. */
export const postgresBreaks: readonly Break[] = [
  {
    name: 'replica-stop',
    told: 'the replica is stopped',
    ...blame(second, [...mechanisms.down, ...mechanisms.replication], 'store'),
    apply: (rig) => rig.programs.stop('replica', 'SIGINT'),
    undo: (rig) => rig.programs.restart('replica'),
  },
  {
    name: 'replay-paused',
    told: 'somebody paused replay on the replica',
    ...blame([...second, ...first], mechanisms.replication, 'store'),
    apply: (rig) => sql(rig, { ...replica, name: 'postgres' }, 'SELECT pg_wal_replay_pause();'),
    undo: (rig) => sql(rig, { ...replica, name: 'postgres' }, 'SELECT pg_wal_replay_resume();'),
  },
  {
    name: 'replication-refused',
    told: 'the account of replication may no longer log in',
    ...blame([...second, ...first], [...mechanisms.replication, ...mechanisms.login], 'store'),
    apply: (rig) =>
      sql(rig, primary, 'ALTER ROLE repl NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_replication;'),
    undo: (rig) => sql(rig, primary, 'ALTER ROLE repl LOGIN;'),
  },
  {
    name: 'lock',
    told: 'a migration holds the table of branches',
    ...blame(first, mechanisms.lock, 'store'),
    apply: async (rig) =>
      session(
        rig,
        primary,
        'migration',
        'BEGIN; LOCK TABLE pgbench_branches IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(300)',
      ),
    undo: (rig) => endSession(rig, primary, 'migration'),
  },
  {
    name: 'idle-transaction',
    told: 'a forgotten terminal holds changed rows of branches',
    ...blame(first, mechanisms.lock, 'store'),
    apply: async (rig) => forgotten(rig, primary, 'psql-dba', 'UPDATE pgbench_branches SET bbalance = bbalance + 1'),
    undo: (rig) => endSession(rig, primary, 'psql-dba'),
  },
  {
    name: 'connections',
    told: 'a report job takes all connections of the first server',
    ...blame(first, mechanisms.connections, 'store'),
    apply: async (rig) => hoardConnections(rig, primary, peerProgram('flask') ?? 'python3'),
    undo: (rig) => rig.programs.stop('report-job', 'SIGKILL'),
  },
  {
    name: 'index',
    heavy: true,
    told: 'the primary key of accounts is dropped',
    ...blame(first, mechanisms.scan, 'store'),
    apply: (rig) => sql(rig, primary, 'ALTER TABLE pgbench_accounts DROP CONSTRAINT pgbench_accounts_pkey;'),
    undo: (rig) => sql(rig, primary, 'ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid);'),
  },
  {
    name: 'report-query',
    heavy: true,
    told: 'an analyst sorts all accounts again and again',
    ...blame(first, mechanisms.scan, 'store'),
    apply: async (rig) => {
      for (const name of ['analyst-1', 'analyst-2', 'analyst-3'])
        session(
          rig,
          primary,
          name,
          'SELECT count(*) FROM (SELECT md5(a.aid::text || b.bid::text) AS x FROM pgbench_accounts a, pgbench_branches b, generate_series(1, 40) ORDER BY 1) s',
        );
    },
    undo: async (rig) => {
      for (const name of ['analyst-1', 'analyst-2', 'analyst-3']) await endSession(rig, primary, name);
    },
  },
  {
    name: 'disk',
    told: 'a forgotten dump fills the disk of the first server',
    ...blame([...first, ...host], mechanisms.disk, 'platform'),
    apply: async ({ dir, programs }) =>
      programs.start('dump', ['sh', '-c', `dd if=/dev/zero of=${dir}/pg1/dump.sql bs=1M 2>/dev/null; sleep 300`]),
    undo: async (rig) => {
      await rig.programs.stop('dump', 'SIGKILL');
      rmSync(join(rig.dir, 'pg1/dump.sql'), { force: true });
      await rig.programs.restart('primary');
    },
  },
  {
    name: 'memory',
    told: 'a query needs more memory than the server may have, so the kernel kills it',
    ...blame(first, mechanisms.memory, 'platform'),
    apply: async (rig) =>
      rig.programs.start('cohorts', [
        'sh',
        '-c',
        `while true; do PGPASSWORD=bench psql -h 127.0.0.1 -U bench -d bench -qc "SELECT count(*) FROM unnest((SELECT array_agg(repeat(md5(i::text), 8)) FROM generate_series(1, 9000000) i)) x" >/dev/null; sleep 8; done`,
      ]),
    undo: async (rig) => {
      await rig.programs.stop('cohorts', 'SIGKILL');
      await rig.programs.restart('primary');
    },
  },
  {
    name: 'primary-stop',
    told: 'the first server is stopped at once',
    ...blame(first, mechanisms.down, 'store'),
    apply: (rig) => rig.programs.stop('primary', 'SIGQUIT'),
    undo: (rig) => rig.programs.restart('primary'),
  },
  {
    told: 'a setting makes all transactions read only',
    ...blame(first, mechanisms.config, 'platform'),
    ...resettle('read-only', 'tuning: protect against stray writes', "default_transaction_read_only = 'on'"),
  },
  {
    told: 'a setting ends statements after two milliseconds',
    ...blame(first, mechanisms.config, 'platform'),
    ...resettle('timeout', 'tuning: end runaway statements', "statement_timeout = '2ms'"),
  },
  {
    name: 'packet-loss',
    told: 'a third of the packets to the first server are lost',
    ...blame([...first, ...host, 'network'], mechanisms.network, 'platform'),
    ...losePackets(5432, 0.33),
  },
  {
    told: 'a setting is changed that nobody feels',
    ...nobody,
    ...resettle('innocent-setting', 'tuning: log vacuum', "log_autovacuum_min_duration = '1s'"),
  },
  {
    name: 'nightly-dump',
    told: 'the nightly dump runs, as every night',
    ...nobody,
    apply: async (rig) =>
      rig.programs.start('pg-dump', ['sh', '-c', 'nice pg_dump -h 127.0.0.1 -U postgres bench > /dev/null; sleep 300']),
    undo: (rig) => rig.programs.stop('pg-dump', 'SIGKILL'),
  },
  ...commonBreaks({ usual: 40, peak: 160 }, host),
];
