import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '../rig.ts';

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
