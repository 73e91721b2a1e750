import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoOf, systemClock } from '../../infra/runtime/clock.ts';
import type { Rig } from './rig.ts';

/** Alters a file of a repository and commits it, as a developer does. */
export async function commit(
  { dir, programs }: Rig,
  file: string,
  message: string,
  edit: (text: string) => string,
): Promise<void> {
  const [repository = '', ...rest] = file.split('/');
  const path = join(dir, file);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
  await programs.run([
    'git',
    '-C',
    join(dir, repository),
    '-c',
    'user.name=dev',
    '-c',
    'user.email=dev@shop.example',
    'commit',
    '-q',
    '-m',
    message,
    '--',
    rest.join('/'),
  ]);
}

/** Makes a folder of the rig a repository, with one commit of two days ago. */
export async function startHistory({ dir, programs }: Rig, repository: string): Promise<void> {
  const git = ['git', '-C', join(dir, repository), '-c', 'user.name=dev', '-c', 'user.email=dev@shop.example'];
  await programs.run([...git, 'init', '-q']);
  await programs.run([...git, 'add', '-A']);
  const twoDaysAgo = isoOf(systemClock.now() - 48 * 3_600_000);
  const env = { GIT_AUTHOR_DATE: twoDaysAgo, GIT_COMMITTER_DATE: twoDaysAgo };
  await programs.run([...git, 'commit', '-q', '-m', `${repository}: first version`], { env });
}
