import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { javaClassPath } from './java-class-path.ts';
import { freePort } from '../runtime/free-port.ts';

/** A server that runs from its Maven artifacts. */
export interface JavaServer {
  name: 'neo4j' | 'opensearch';
  /** What follows the class path on the command line of Java. */
  command(home: string, ports: readonly number[]): string[];
  url(ports: readonly number[]): string;
  /** Resolves when the server answers; rejects or resolves false when it does not yet. */
  answers(url: string): Promise<boolean>;
}

const stateSchema = z.object({ pid: z.number(), ports: z.array(z.number()), url: z.string() });
export type ServerState = z.infer<typeof stateSchema>;

const startMs = 120_000;

/** Why servers cannot run from Maven's artifacts here; undefined where they can. */
export function missingForJava(): string | undefined {
  const modules = spawnSync('java', ['--list-modules'], { encoding: 'utf8' });
  if (modules.status !== 0) return 'no Java here';
  if (!modules.stdout.includes('jdk.compiler')) return 'a JDK is needed, this is only a Java runtime';
  if (spawnSync('mvn', ['--version']).status !== 0) return 'no Maven here';
  return undefined;
}

/** The state of a server that runs; undefined when it does not. */
export function runningServer(server: JavaServer, folder: string): ServerState | undefined {
  const path = join(folder, server.name, 'state.json');
  if (!existsSync(path)) return undefined;
  const state = stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return isOurs(state.pid, server.name) ? state : undefined;
}

/** Starts a server with its data in `folder` and waits until it answers; one that runs is left as it is. Rejects with what its log says. */
export async function startServer(server: JavaServer, folder: string): Promise<ServerState> {
  const running = runningServer(server, folder);
  if (running !== undefined) {
    await healthy(server, running, folder);
    return running;
  }
  const home = join(folder, server.name);
  mkdirSync(home, { recursive: true });
  const classPath = javaClassPath(join(import.meta.dirname, server.name, 'pom.xml'), home);
  const ports = [await freePort(), await freePort()];
  const log = openSync(join(home, 'server.log'), 'w');
  // The mark tells our process from another one that got the same pid later.
  const child = spawn(
    'java',
    [`-Dcerebro.service=${server.name}`, '-Xmx384m', '-cp', classPath, ...server.command(home, ports)],
    { detached: true, stdio: ['ignore', log, log], cwd: home },
  );
  child.unref();
  if (child.pid === undefined) throw new Error(`Java could not be started for ${server.name}.`);
  const state = { pid: child.pid, ports, url: server.url(ports) };
  writeFileSync(join(home, 'state.json'), JSON.stringify(state));
  await healthy(server, state, folder);
  return state;
}

/** Ends a server and waits until it is gone: `SIGKILL` as a crash would, `SIGTERM` in good order. */
export async function stopServer(
  server: JavaServer,
  folder: string,
  signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): Promise<void> {
  const state = runningServer(server, folder);
  if (state === undefined) return;
  process.kill(state.pid, signal);
  for (let waited = 0; isOurs(state.pid, server.name); waited += 100) {
    if (waited === 20_000) process.kill(state.pid, 'SIGKILL');
    await sleep(100);
  }
  rmSync(join(folder, server.name, 'state.json'), { force: true });
}

async function healthy(server: JavaServer, state: ServerState, folder: string): Promise<void> {
  for (let waited = 0; waited < startMs; waited += 200) {
    if (await server.answers(state.url).catch(() => false)) return;
    if (!isOurs(state.pid, server.name)) break;
    await sleep(200);
  }
  await stopServer(server, folder, 'SIGKILL');
  const log = readFileSync(join(folder, server.name, 'server.log'), 'utf8').slice(-1_500);
  throw new Error(`${server.name} did not start; the end of its log: ${log}`);
}

function isOurs(pid: number, name: string): boolean {
  try {
    process.kill(pid, 0);
    if (!existsSync('/proc/self/cmdline')) return true;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`-Dcerebro.service=${name}`);
  } catch {
    return false;
  }
}
