import { appendFileSync, mkdirSync, readdirSync } from 'node:fs';
import type { Rig } from './rig.ts';

/** Where Debian keeps the server's programs: the newest version that is there. */
export function postgresBin(): string {
  const versions = readdirSync('/usr/lib/postgresql').sort((left, right) => Number(left) - Number(right));
  return `/usr/lib/postgresql/${versions.at(-1) ?? '15'}/bin`;
}

/** Makes a cluster where there is none, starts it and waits until it answers. Logins from loopback need a password but for `postgres`. */
export async function startPostgres(
  { programs }: Rig,
  server: {
    name: string;
    port: number;
    data: string;
    settings: Readonly<Record<string, string>>;
    log: { folder: string; destination: 'jsonlog' | 'stderr' };
    /** The folder holds a copy of another server already. */
    copied?: boolean;
    /** Memory limit in bytes. */
    memory?: number;
  },
): Promise<void> {
  const { name, port, data, settings, log } = server;
  const user = 'postgres';
  mkdirSync(log.folder, { recursive: true });
  mkdirSync(data, { recursive: true });
  await programs.run(['chown', '-R', user, data, log.folder]);
  if (server.copied !== true) {
    await programs.run([`${postgresBin()}/initdb`, '-D', data, '-A', 'trust', '-U', user, '--no-sync'], { user });
    await programs.run([
      'sh',
      '-c',
      `printf '%s\\n' 'local all all trust' 'host all postgres 127.0.0.1/32 trust' 'host replication all 127.0.0.1/32 trust' 'host all all 127.0.0.1/32 scram-sha-256' > ${data}/pg_hba.conf`,
    ]);
  }
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: data,
    logging_collector: 'on',
    log_destination: log.destination,
    log_directory: log.folder,
    log_filename: `${name}.log`,
    log_file_mode: '0644',
    ...settings,
  };
  appendFileSync(
    `${data}/postgresql.conf`,
    Object.entries(all)
      .map(([key, value]) => `${key} = '${value}'\n`)
      .join(''),
  );
  programs.start(name, [`${postgresBin()}/postgres`, '-D', data], {
    user,
    ...(server.memory === undefined ? {} : { memory: server.memory }),
  });
  await programs.run([
    'sh',
    '-c',
    `for i in $(seq 100); do pg_isready -q -h 127.0.0.1 -p ${port} && exit 0; sleep 0.2; done; exit 1`,
  ]);
}
