import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../infra/runtime/config-source.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';

export interface StartOptions {
  env?: Record<string, string>;
  /** Runs as this account of the machine. */
  user?: string;
  /** Memory limit in bytes (a cgroup of its own; v1). */
  memory?: number;
  /** A changed scheduling priority. */
  nice?: number;
  cwd?: string;
  /** Started again three seconds after it ends by itself, as a service manager does. */
  revive?: boolean;
}

/** The programs of a rig, by name. What they print is in `logs/<name>.out` under the rig's folder. */
export interface Programs {
  start(name: string, command: readonly string[], options?: StartOptions): void;
  /** Starts a program again as it was started last, with other options where given. */
  restart(name: string, options?: StartOptions): Promise<void>;
  /** Stops one and waits; nothing where it does not run. */
  stop(name: string, signal?: NodeJS.Signals): Promise<void>;
  pid(name: string): number;
  /** Runs one to its end; what it printed. Throws what it said where it fails, unless `lenient`. */
  run(command: readonly string[], options?: StartOptions & { input?: string; lenient?: boolean }): Promise<string>;
  /** Waits until the address answers with less than 500. */
  answers(url: string, timeoutMs?: number): Promise<void>;
  /** Removes what the machine keeps of ended programs. */
  sweep(): Promise<void>;
}

/** Programs in the folder `dir`; a name that is started twice replaces nothing and throws. */
export function createPrograms(dir: string, cgroup: string): Programs {
  const running = new Map<string, ChildProcess>();
  const stopping = new Set<string>();
  const recipes = new Map<string, { command: readonly string[]; options: StartOptions }>();
  mkdirSync(join(dir, 'logs'), { recursive: true });

  const wrapped = (command: readonly string[], options: StartOptions): string[] => {
    const asUser =
      options.user === undefined
        ? []
        : ['setpriv', `--reuid=${options.user}`, `--regid=${options.user}`, '--init-groups'];
    const niced = options.nice === undefined ? [] : ['nice', '-n', String(options.nice)];
    const whole = [...niced, ...asUser, ...command];
    if (options.memory === undefined) return whole;
    const group = `/sys/fs/cgroup/memory/${cgroup}`;
    mkdirSync(group, { recursive: true });
    writeFileSync(join(group, 'memory.limit_in_bytes'), String(options.memory));
    return ['sh', '-c', `echo $$ > ${group}/cgroup.procs && exec "$@"`, 'sh', ...whole];
  };
  const start = (name: string, command: readonly string[], options: StartOptions = {}): void => {
    const known = running.get(name);
    if (known !== undefined && known.exitCode === null && known.signalCode === null)
      throw new CerebroError('CONFLICT', `${name} runs already.`);
    recipes.set(name, { command, options });
    stopping.delete(name);
    const log = openSync(join(dir, 'logs', `${name}.out`), 'a');
    const [program = '', ...args] = wrapped(command, options);
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: childEnvironment(options.env ?? {}),
      cwd: options.cwd ?? dir,
      detached: true,
    });
    closeSync(log);
    child.once('exit', () => {
      if (options.revive !== true || stopping.has(name)) return;
      setTimeout(() => {
        if (!stopping.has(name)) start(name, command, options);
      }, 3_000);
    });
    child.once('error', (error) => appendFileSync(join(dir, 'logs', `${name}.out`), `${error.message}\n`));
    running.set(name, child);
  };
  const stop = async (name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    stopping.add(name);
    const child = running.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const { pid = 0 } = child;
    // A shell is stopped with what it runs; a server looks after its own processes.
    process.kill(recipes.get(name)?.command[0] === 'sh' ? -pid : pid, signal);
    const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), 10_000);
    await gone;
    clearTimeout(timer);
  };
  const run: Programs['run'] = (command, options = {}) =>
    new Promise((resolve, reject) => {
      const [program = '', ...args] = wrapped(command, options);
      const child = spawn(program, args, {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: childEnvironment(options.env ?? {}),
        cwd: options.cwd ?? dir,
      });
      let out = '';
      let said = '';
      child.stdout.on('data', (part: Buffer) => (out += part.toString()));
      child.stderr.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-2_000)));
      child.once('error', reject);
      child.once('close', (status) => {
        if (status === 0 || options.lenient === true) resolve(out);
        else reject(new CerebroError('BACKEND_REJECTED', `${command.slice(0, 4).join(' ')}: ${said}`));
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input ?? '');
    });
  return {
    start,
    stop,
    run,
    restart: async (name, options) => {
      const recipe = recipes.get(name);
      if (recipe === undefined) throw new CerebroError('NOT_FOUND', `${name} was never started.`);
      await stop(name);
      start(name, recipe.command, options ?? recipe.options);
    },
    pid: (name) => running.get(name)?.pid ?? 0,
    answers: async (url, timeoutMs = 30_000) => {
      for (const end = systemClock.now() + timeoutMs; systemClock.now() < end; await systemClock.sleep(150)) {
        const reply = await fetch(url, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
        await reply?.body?.cancel();
        if (reply !== undefined && reply.status < 500) return;
      }
      throw new CerebroError('BACKEND_UNAVAILABLE', `${url} does not answer.`);
    },
    sweep: async () => {
      await Promise.all([...running.keys()].map((name) => stop(name)));
      await run(['rmdir', `/sys/fs/cgroup/memory/${cgroup}`], { lenient: true });
    },
  };
}
