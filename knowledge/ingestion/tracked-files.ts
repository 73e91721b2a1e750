import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { CerebroError } from '../../infra/runtime/errors.ts';

const withinMs = 60_000;

/**
 * The files that git tracks in a work tree, by name order, without links and submodules; undefined where the folder is no work tree's root or
 * there is no git on this machine. Throws where git cannot read the repository. Nothing is fetched, and nothing that the repository configures is run.
 */
export async function trackedFiles(folder: string): Promise<string[] | undefined> {
  if (!existsSync(join(folder, '.git'))) return undefined;
  const git = simpleGit({
    baseDir: folder,
    timeout: { block: withinMs },
    // A repository may name a program here that git would run; the flag lets us forbid it.
    config: ['core.fsmonitor=false'],
    unsafe: { allowUnsafeFsMonitor: true },
  });
  let listed: string;
  try {
    listed = await git.raw(['ls-files', '-z', '--stage']);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    if (message.includes('ENOENT')) return undefined;
    throw new CerebroError('BACKEND_REJECTED', `git cannot list ${folder}: ${message.slice(0, 200)}`, {
      cause: thrown,
    });
  }
  const files = listed.split('\0').flatMap((entry) => {
    const [head = '', path = ''] = entry.split('\t');
    // 120000 is a link, 160000 a submodule.
    return path !== '' && head.startsWith('100') ? [path] : [];
  });
  return [...new Set(files)].sort((left, right) => (left < right ? -1 : 1));
}
