import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Programs of others that are built from Go modules: what to build, of which version. */
export const goPrograms = {
  /** Jaeger's example of traced services. */
  hotrod: { module: 'github.com/jaegertracing/jaeger', version: 'v1.57.0', package: './examples/hotrod' },
} as const;
export type GoProgram = keyof typeof goPrograms;

/** Where a built program lies; undefined where it was not built yet. */
export function goProgramPath(name: GoProgram): string | undefined {
  const path = join(folder(), name);
  return existsSync(path) ? path : undefined;
}

/** Builds a program where it is not there; minutes the first time. Throws what Go says, or that there is none. */
export function buildGoProgram(name: GoProgram): string {
  const known = goProgramPath(name);
  if (known !== undefined) return known;
  if (spawnSync('go', ['version']).status !== 0) throw new Error('no Go here');
  const { module, version, package: main } = goPrograms[name];
  const env = { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' };
  const told = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], { env, encoding: 'utf8' });
  const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(told));
  mkdirSync(folder(), { recursive: true });
  const path = join(folder(), name);
  execFileSync('go', ['build', '-o', path, main], { cwd: Dir, env, stdio: 'pipe', timeout: 900_000 });
  return path;
}

const folder = (): string => process.env['CEREBRO_GO_DIR'] ?? join(tmpdir(), 'cerebro-go');
