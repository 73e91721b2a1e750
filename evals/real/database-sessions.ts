import type { Rig } from './rig.ts';

/** A PostgreSQL that a break works on. */
export interface Database {
  port: number;
  name: string;
  /** The account that the application uses. */
  user: string;
}

const psql = ({ port, name }: Database, user = 'postgres'): string[] => [
  'psql',
  '-h',
  '127.0.0.1',
  '-p',
  String(port),
  '-U',
  user,
  '-d',
  name,
  '-q',
  '-v',
  'ON_ERROR_STOP=1',
];

/** Runs SQL as the owner of the server. */
export async function sql({ programs }: Rig, database: Database, text: string): Promise<void> {
  await programs.run(psql(database), { input: text });
}

/** A session that runs SQL and stays, under the application's account; ended by stopping the program of this name. */
export function session({ programs }: Rig, database: Database, name: string, text: string): void {
  programs.start(name, [...psql(database, database.user), '-c', text], {
    env: { PGPASSWORD: database.user, PGAPPNAME: name },
  });
}

/** A session that holds what it took and then waits, as a forgotten terminal does: no statement runs. */
export function forgotten({ programs }: Rig, database: Database, name: string, text: string): void {
  const held = `(printf '%s\\n' "BEGIN; ${text};"; sleep 600) | ${psql(database, database.user).join(' ')}`;
  programs.start(name, ['sh', '-c', held], { env: { PGPASSWORD: database.user, PGAPPNAME: name } });
}

/** Ends a session here and at the server. */
export async function endSession(rig: Rig, database: Database, name: string): Promise<void> {
  await rig.programs.stop(name, 'SIGKILL');
  await sql(
    rig,
    database,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${name}';`,
  );
}

/** A job that opens connections until none are left, and keeps trying. */
export function hoardConnections(rig: Rig, database: Database, python: string): void {
  const script = `
import psycopg2, time
held = []
while True:
    try: held.append(psycopg2.connect("host=127.0.0.1 port=${database.port} user=${database.user} password=${database.user} dbname=${database.name} application_name=report-job"))
    except Exception: time.sleep(0.2)
`;
  rig.programs.start('report-job', [python, '-c', script]);
}

/** Names under which a server of PostgreSQL may rightly be blamed. */
export const postgresNames = (port: number, exporter: number): string[] => [
  'postgres',
  'postgresql',
  'pg',
  'db.shop.internal',
  'db',
  `127.0.0.1:${port}`,
  `127.0.0.1:${exporter}`,
  `localhost:${port}`,
];
