import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const reachMs = 60_000;
const downloadMs = 300_000;

/** The class path of what a `pom.xml` names, fetched once and kept in `home`. What Maven cannot reach within a minute is given up: throws what it said. */
export function javaClassPath(pom: string, home: string): string {
  const kept = join(home, 'class-path.txt');
  if (existsSync(kept)) {
    const path = readFileSync(kept, 'utf8').trim();
    if (path.split(':').every((jar) => existsSync(jar))) return path;
  }
  const build = [
    '-q',
    '-B',
    '-f',
    pom,
    'dependency:build-classpath',
    `-Dmdep.outputFile=${kept}`,
    '-DincludeScope=runtime',
  ];
  if (mvn(['-o', ...build], reachMs) === undefined) return readFileSync(kept, 'utf8').trim();
  const unreachable = mvn(
    ['-q', '-B', 'dependency:get', '-Dartifact=org.apache.logging.log4j:log4j-core:2.21.0:pom', '-Dtransitive=false'],
    reachMs,
  );
  if (unreachable !== undefined) throw new Error(`Maven reached no repository within a minute: ${unreachable}`);
  const failed = mvn(build, downloadMs);
  if (failed !== undefined) throw new Error(`Maven could not fetch what ${pom} names: ${failed}`);
  return readFileSync(kept, 'utf8').trim();
}

/** What went wrong; undefined when all went well. */
function mvn(args: readonly string[], timeoutMs: number): string | undefined {
  const { status, stdout, error } = spawnSync('mvn', args, { encoding: 'utf8', timeout: timeoutMs });
  if (status === 0) return undefined;
  return error?.message ?? stdout.slice(0, 300);
}
