import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '../service-kit/log.ts';
import type { ProcessConfig } from '../service-kit/process-config.ts';
import type { Order } from '../service-kit/settings.ts';

/** What the supervisor knows of one process. */
export interface ProcessState {
  readonly name: string;
  readonly ours: boolean;
  readonly pid: number | undefined;
  readonly up: boolean;
  readonly restarts: number;
  readonly lastExitCode: number;
}

/** Starts, watches, restarts and stops the child processes. */
export interface ProcessTable {
  /** Resolves when the process says that it is ready. */
  readonly start: (config: ProcessConfig) => Promise<void>;
  /** Sends an order and remembers it for the next start of that process. */
  readonly order: (name: string, order: Order) => void;
  /** Kills a process and leaves it down until `revive`. */
  readonly hold: (name: string) => void;
  readonly revive: (name: string) => Promise<void>;
  /** Runs a script that is no part of the shop; the result stops it. */
  readonly runForeign: (script: string, args: readonly string[]) => () => void;
  readonly states: () => ProcessState[];
  readonly stopAll: () => Promise<void>;
}

interface Entry {
  config: ProcessConfig;
  child: ChildProcess | undefined;
  up: boolean;
  held: boolean;
  restarts: number;
  lastExitCode: number;
}

const entryPoint = join(import.meta.dirname, '..', 'process.ts');
const openFilesMax = 256;
const heapMegabytes = 80;

/** The table of one lab; `log` is the supervisor's own. */
export function createProcessTable(log: Log): ProcessTable {
  const entries = new Map<string, Entry>();
  const foreign = new Set<ChildProcess>();
  let stopping = false;

  const launch = (entry: Entry): Promise<void> => {
    const child = spawnService(entry.config);
    entry.child = child;
    relayComplaints(child, entry.config.name, log);
    return new Promise((resolve, reject) => {
      child.on('message', () => {
        entry.up = true;
        resolve();
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        reject(new Error(`${entry.config.name} exited with code ${code ?? signal ?? ''} before it was ready`));
        onExit(entry, code, signal);
      });
    });
  };
  const onExit = (entry: Entry, code: number | null, signal: NodeJS.Signals | null): void => {
    entry.up = false;
    entry.child = undefined;
    if (stopping) return;
    entry.lastExitCode = code ?? 128 + (signalNumbers[signal ?? ''] ?? 0);
    const name = entry.config.name;
    const how = signal === null ? '' : `, signal ${signal}`;
    log.write('error', `${name} exited with code ${entry.lastExitCode}${how}`, { process: name });
    if (entry.held) {
      log.write('error', `${name} start limit reached, not restarting`, { process: name });
      return;
    }
    setTimeout(() => {
      if (stopping || entry.held || entry.child !== undefined) return;
      entry.restarts += 1;
      launch(entry).then(
        () => log.write('warn', `${name} restarted`, { process: name, restarts: entry.restarts }),
        () => undefined,
      );
    }, 1000);
  };
  const known = (name: string): Entry => {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`no process ${name}`);
    return entry;
  };

  return {
    start: (config) => {
      const entry: Entry = { config, child: undefined, up: false, held: false, restarts: 0, lastExitCode: 0 };
      entries.set(config.name, entry);
      return launch(entry);
    },
    order: (name, order) => {
      const entry = known(name);
      entry.config = {
        ...entry.config,
        settings: { ...entry.config.settings, ...order.settings },
        strain: { ...entry.config.strain, ...order.strain },
      };
      if (entry.up) entry.child?.send(order);
    },
    hold: (name) => {
      const entry = known(name);
      entry.held = true;
      entry.child?.kill('SIGKILL');
    },
    revive: async (name) => {
      const entry = known(name);
      entry.held = false;
      if (entry.child === undefined) await launch(entry);
    },
    runForeign: (script, args) => {
      const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      foreign.add(child);
      child.on('exit', () => foreign.delete(child));
      return () => child.kill('SIGKILL');
    },
    states: () =>
      [...entries.values()].map((entry) => ({
        name: entry.config.name,
        ours: entry.config.role !== 'provider' && entry.config.role !== 'load',
        pid: entry.child?.pid,
        up: entry.up,
        restarts: entry.restarts,
        lastExitCode: entry.lastExitCode,
      })),
    stopAll: async () => {
      stopping = true;
      const children = [
        ...foreign,
        ...[...entries.values()].flatMap(({ child }) => (child === undefined ? [] : [child])),
      ];
      await Promise.all(children.map(stop));
    },
  };
}

const signalNumbers: Readonly<Record<string, number>> = { SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

function spawnService(config: ProcessConfig): ChildProcess {
  const node = ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${heapMegabytes}`, entryPoint];
  // The limits are set by the shell, as an init system would, and hold for this process only.
  const script = `ulimit -c 0; ulimit -n ${openFilesMax}; exec "$0" "$@"`;
  return spawn('/bin/sh', ['-c', script, process.execPath, ...node], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: join(tmpdir(), 'shop-compile-cache'),
      SERVICE_CONFIG: JSON.stringify(config),
    },
  });
}

function relayComplaints(child: ChildProcess, name: string, log: Log): void {
  if (child.stderr === null) return;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/^FATAL ERROR|^\w*Error:/.test(line)) log.write('error', line.slice(0, 300), { process: name });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 1500);
  await gone;
  clearTimeout(timer);
}
