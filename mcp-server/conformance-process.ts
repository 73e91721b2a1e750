import { execFile, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Starts `conformance-main.ts` as a process of its own and waits for the URL that it prints. For tests only. */
export async function startConformanceServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'conformance-main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const lines = createInterface({ input: child.stdout });
  const url = await Promise.race([
    new Promise<string>((resolve) => {
      lines.once('line', resolve);
    }),
    ended.then(() => Promise.reject(new Error('The conformance server ended before it printed its URL.'))),
  ]);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs a JavaScript file of an installed package with arguments; gives what it printed, also when it ends with a failure. */
export async function runPackageFile(
  name: string,
  file: string,
  args: string[],
): Promise<{ code: number; text: string; problems: string }> {
  const root = packageRoot(name);
  try {
    const { stdout, stderr } = await run(process.execPath, [join(root, file), ...args], { maxBuffer: 64 * 1_048_576 });
    return { code: 0, text: stdout, problems: stderr };
  } catch (thrown) {
    const failure: { code?: unknown; stdout?: unknown; stderr?: unknown } = Object(thrown);
    const textOf = (part: unknown): string => (typeof part === 'string' ? part : '');
    const code = typeof failure.code === 'number' ? failure.code : 1;
    return { code, text: textOf(failure.stdout), problems: textOf(failure.stderr) };
  }
}

/** The folder of an installed package, also of one that exports nothing. */
function packageRoot(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const nodeModules = paths.find((path) => dirname(path) === join(import.meta.dirname, '..'));
  return join(nodeModules ?? 'node_modules', name);
}
