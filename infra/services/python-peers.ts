import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../runtime/free-port.ts';

/** Programs of others, in Python, that integration tests speak with; what pip installs for each. */
export const pythonPeers = {
  /** AWS on loopback, and AWS's own description of its calls. */
  moto: ['moto[server]'],
  /** The schemas of Kubernetes' API. */
  kubernetes: ['kubernetes-validate'],
  /** A tracking server and registry. */
  mlflow: ['mlflow'],
  /** NVIDIA's client of KServe v2. */
  tritonclient: ['tritonclient[http]'],
  /** A web application with its database drivers and its own metrics, for the rigs of `evals/real`. */
  flask: ['flask', 'waitress', 'prometheus-client', 'psycopg2-binary', 'redis'],
  /** A server of KServe v2. */
  mlserver: ['mlserver'],
} as const;
export type PythonPeer = keyof typeof pythonPeers;

/** Where `npm run peers` installs one: a virtual environment of its own, outside the repository, kept for the next run. */
export function peerFolder(peer: PythonPeer): string {
  return join(process.env['CEREBRO_PEERS_DIR'] ?? join(tmpdir(), 'cerebro-peers'), peer);
}

/** A program of an installed peer (`python`, `mlflow`, ...), or undefined where the peer is not installed. */
export function peerProgram(peer: PythonPeer, program = 'python'): string | undefined {
  const path = join(peerFolder(peer), 'bin', program);
  return existsSync(join(peerFolder(peer), 'installed')) && existsSync(path) ? path : undefined;
}

/** Why a test that needs the peer is skipped; part of its name. */
export function peerReason(peer: PythonPeer): string {
  return peerProgram(peer) === undefined ? ` (skipped: ${peer} is not installed; npm run peers -- ${peer})` : '';
}

/** Installs a peer, from the configured Python registry. Throws what pip says. */
export function installPeer(peer: PythonPeer): void {
  if (peerProgram(peer) !== undefined) return;
  const folder = peerFolder(peer);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, '..'), { recursive: true });
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
  const python = join(folder, 'bin', 'python');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  execFileSync(python, [...install, ...pythonPeers[peer]], { stdio: 'pipe', timeout: 600_000 });
  mkdirSync(join(folder, 'installed'));
}

export interface RunningPeer {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts a server on a free loopback port and waits until `path` answers with less than 500. Throws with the end of what it said when it does
 * not within `timeoutMs`.
 */
export async function startPeer(
  command: string,
  argumentsFor: (port: number) => readonly string[],
  options: {
    path: string;
    timeoutMs?: number;
    env?: Record<string, string>;
    /** For a server that takes its port from the environment. */
    portVariable?: string;
    cwd?: string;
  },
): Promise<RunningPeer> {
  const { path, timeoutMs = 90_000, portVariable, cwd } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // A group of its own, because some of these servers are a tree of processes.
  const child = spawn(command, argumentsFor(port), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env, ...(portVariable === undefined ? {} : { [portVariable]: String(port) }) },
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-2_000)));
  const runs = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const exit = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    signalGroup(child.pid, 'SIGTERM');
    await Promise.race([exit, sleep(5_000)]);
    signalGroup(child.pid, 'SIGKILL');
  };
  for (const end = Date.now() + timeoutMs; Date.now() < end && runs(); await sleep(200)) {
    const reply = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    await reply?.body?.cancel();
    if (reply !== undefined && reply.status < 500) return { url, stop };
  }
  await stop();
  throw new Error(`${command} did not answer at ${url}${path}: ${said}`);
}

function signalGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
