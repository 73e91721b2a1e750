import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHistory } from '../commit.ts';
import { postgresBin, startPostgres } from '../start-postgres.ts';
import type { Rig, Stack } from '../rig.ts';
import { postgresBreaks } from './postgres-breaks.ts';

/** Two servers of PostgreSQL, the second a streaming replica that answers readers, pgbench as the application, exporters, Prometheus. */
export function createPostgresStack(): Stack {
  return {
    name: 'postgres',
    needs: [
      'psql',
      'pgbench',
      'prometheus',
      'prometheus-node-exporter',
      'prometheus-postgres-exporter',
      'stress-ng',
      'iptables',
      'git',
    ],
    peers: ['flask'],
    start,
    load: loadOf,
    connect: ({ dir }) => ({
      sources: {
        prometheus: { url: 'http://127.0.0.1:9090' },
        collector: {
          logs: [
            { service: 'db-1', path: join(dir, 'logs/pg1/primary.log') },
            { service: 'db-2', path: join(dir, 'logs/pg2/replica.log') },
            { service: 'pgbench', path: join(dir, 'logs/pgbench.out') },
          ],
        },
        git: [{ path: join(dir, 'db-config') }],
      },
    }),
    breaks: postgresBreaks,
  };
}

const settings = {
  max_connections: '60',
  shared_buffers: '96MB',
  log_min_duration_statement: '1000',
  log_lock_waits: 'on',
  wal_keep_size: '64MB',
  max_wal_size: '128MB',
};

async function start(rig: Rig): Promise<void> {
  const { dir, programs } = rig;
  const [data, copy] = [join(dir, 'pg1'), join(dir, 'pg2')];
  for (const folder of [data, copy, join(dir, 'db-config')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(dir, 'hosts'), '127.0.0.1 localhost db-1 db-2\n');
  await programs.run(['mount', '--bind', join(dir, 'hosts'), '/etc/hosts']);
  await programs.run(['mount', '-t', 'tmpfs', '-o', 'size=700m', 'tmpfs', data]);
  writeFileSync(join(dir, 'db-config/tuning.conf'), "work_mem = '8MB'\n");
  await startHistory(rig, 'db-config');
  const include = { include: join(dir, 'db-config/tuning.conf') };
  const log = (folder: string) => ({ folder: join(dir, 'logs', folder), destination: 'stderr' as const });
  await startPostgres(rig, {
    name: 'primary',
    port: 5432,
    data,
    settings: { ...settings, ...include },
    log: log('pg1'),
    memory: 1_100_000_000,
  });
  const owner = ['psql', '-h', '127.0.0.1', '-U', 'postgres', '-q', '-v', 'ON_ERROR_STOP=1'];
  await programs.run(owner, {
    input:
      "CREATE ROLE bench LOGIN PASSWORD 'bench'; CREATE DATABASE bench OWNER bench; CREATE ROLE repl LOGIN REPLICATION; CREATE ROLE exporter LOGIN PASSWORD 'exporter' IN ROLE pg_monitor;",
  });
  await programs.run(['pgbench', '-h', '127.0.0.1', '-U', 'bench', '-i', '-q', '-s', '5', 'bench'], {
    env: { PGPASSWORD: 'bench' },
  });
  await programs.run(['chown', 'postgres', copy]);
  await programs.run(['chmod', '700', copy]);
  await programs.run(
    [`${postgresBin()}/pg_basebackup`, '-h', '127.0.0.1', '-U', 'repl', '-D', copy, '-R', '-X', 'stream', '-c', 'fast'],
    { user: 'postgres' },
  );
  await startPostgres(rig, {
    name: 'replica',
    port: 5433,
    data: copy,
    settings: { ...settings, ...include, hot_standby: 'on' },
    log: log('pg2'),
    copied: true,
  });
  exporters(rig);
  await programs.answers('http://127.0.0.1:9090/-/ready');
  loadOf(rig, 40);
  const reader = 'while true; do pgbench -h 127.0.0.1 -p 5433 -U bench -n -S -c 3 -R 40 -T 100000 bench; sleep 1; done';
  programs.start('readers', ['sh', '-c', reader], { env: { PGPASSWORD: 'bench' } });
}

/** pgbench at so many transactions a second; it starts again when it loses its server. */
function loadOf({ programs }: Rig, perSecond: number): void {
  void programs.stop('pgbench', 'SIGKILL').then(() => {
    const loop = `while true; do pgbench -h 127.0.0.1 -U bench -n -c 8 -R ${perSecond} -T 100000 bench; sleep 1; done`;
    programs.start('pgbench', ['sh', '-c', loop], { env: { PGPASSWORD: 'bench' } });
  });
}

function exporters({ dir, programs }: Rig): void {
  const at = (port: number): string => `--web.listen-address=127.0.0.1:${port}`;
  for (const [name, port, listen] of [
    ['exporter-1', 5432, 9187],
    ['exporter-2', 5433, 9188],
  ] as const)
    programs.start(name, ['prometheus-postgres-exporter', at(listen)], {
      env: { DATA_SOURCE_NAME: `postgresql://exporter:exporter@127.0.0.1:${port}/bench?sslmode=disable` },
    });
  programs.start('node-exporter', ['prometheus-node-exporter', at(9100)]);
  writeFileSync(
    join(dir, 'prometheus.yml'),
    `global: { scrape_interval: 5s, evaluation_interval: 5s }
rule_files: [ ${dir}/rules.yml ]
scrape_configs:
  - { job_name: postgres, static_configs: [ { targets: ["db-1:9187", "db-2:9188"] } ] }
  - { job_name: node, static_configs: [ { targets: ["db-1:9100"] } ] }
`,
  );
  writeFileSync(
    join(dir, 'rules.yml'),
    `groups:
- name: postgres
  rules:
  - { alert: PostgresqlDown, expr: 'pg_up == 0', for: 30s, labels: {severity: critical}, annotations: {summary: 'Postgresql down (instance {{ $labels.instance }})'} }
  - { alert: PostgresqlReplicationLag, expr: 'pg_replication_lag > 20 and ON(instance) pg_replication_is_replica == 1', for: 10s, labels: {severity: critical}, annotations: {summary: 'Replication lag on {{ $labels.instance }}'} }
  - { alert: PostgresqlTooManyConnections, expr: 'sum by (instance) (pg_stat_activity_count) > min by (instance) (pg_settings_max_connections) * 0.8', for: 30s, labels: {severity: warning}, annotations: {summary: 'Too many connections on {{ $labels.instance }}'} }
  - { alert: PostgresqlHighRollbackRate, expr: 'sum by (instance, datname) (rate(pg_stat_database_xact_rollback{datname!~"template.*|postgres",datid!="0"}[1m])) / sum by (instance, datname) (rate(pg_stat_database_xact_commit{datname!~"template.*|postgres",datid!="0"}[1m])) > 0.1', for: 0m, labels: {severity: warning}, annotations: {summary: 'Many transactions of {{ $labels.datname }} are rolled back'} }
  - { alert: HostOutOfDiskSpace, expr: '(node_filesystem_avail_bytes * 100) / node_filesystem_size_bytes < 10', for: 30s, labels: {severity: warning}, annotations: {summary: 'Disk almost full at {{ $labels.mountpoint }}'} }
`,
  );
  programs.start('prometheus', [
    'prometheus',
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'prometheus')}`,
    at(9090),
  ]);
}
