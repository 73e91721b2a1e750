import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../../infra/runtime/clock.ts';
import { kindOf } from '../text/kind-of.ts';
import { isReadable, readFormat, readingVersion } from './read-format.ts';
import type { SourceReader } from './source-reader.ts';
import { trackedFiles } from './tracked-files.ts';

const skippedFolders = new Set(['.git', 'node_modules', '.obsidian', '__pycache__']);
const largestBytes = 32 * 1024 * 1024;
/** A file changed so recently may change again within its stamp's resolution; its stamp is not trusted. */
const racyMs = 2_000;

/**
 * All readable files under a folder, by name order. Links are not followed. The root of a git work tree is read as a repository: the files that
 * git tracks, as they stand in the work tree, and the comments of its source code. Listing throws where there is no such folder.
 */
export function createFolderSource(
  deps: { clock: Clock },
  options: { folder: string; labels?: readonly string[]; name?: string },
): SourceReader {
  const { folder } = options;
  const edition = `${readingVersion};${(options.labels ?? []).join(',')}`;
  const walk = async function* (relative: string): AsyncGenerator<string> {
    const entries = await readdir(join(folder, relative), { withFileTypes: true });
    for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) yield* walk(path);
      else if (entry.isFile() && isReadable(path, false)) yield path;
    }
  };
  const files = async function* (): AsyncGenerator<string> {
    const tracked = await trackedFiles(folder);
    if (tracked === undefined) yield* walk('');
    else for (const path of tracked) if (isReadable(path, true)) yield path;
  };
  return {
    name: options.name ?? folder,
    list: async function* (signal) {
      for await (const uri of files()) {
        signal?.throwIfAborted();
        const found = await stat(join(folder, uri)).catch(() => undefined);
        // Tracked, but deleted in the work tree.
        if (found === undefined) continue;
        const racy = deps.clock.now() - found.mtimeMs < racyMs;
        yield { uri, stamp: racy ? '' : `${found.size}:${found.mtimeMs}:${edition}` };
      }
    },
    count: async () => {
      let count = 0;
      for await (const path of files()) count += path === '' ? 0 : 1;
      return count;
    },
    load: async ({ uri }) => {
      const { size } = await stat(join(folder, uri));
      if (size > largestBytes) throw new RangeError(`${size} bytes are more than the 32 MiB that are read`);
      return readFile(join(folder, uri));
    },
    parse: async ({ uri }, bytes) => {
      const documents = await readFormat(uri, bytes);
      const labels = options.labels ?? [];
      return documents.map((document) => ({
        ...document,
        // A folder of runbooks holds runbooks, whatever its pages' headings are.
        kind: document.kind === 'document' ? kindOf(`${basename(folder)}/${uri}`, []) : document.kind,
        labels: [...document.labels, ...labels],
      }));
    },
  };
}
