import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../infra/runtime/clock.ts';
import { isReadable, readFormat } from './read-format.ts';
import type { SourceReader } from './source-reader.ts';

const skippedFolders = new Set(['.git', 'node_modules', '.obsidian', '__pycache__']);
const largestBytes = 32 * 1024 * 1024;
/** A file changed so recently may change again within its stamp's resolution; its stamp is not trusted. */
const racyMs = 2_000;

/** All readable files under a folder, by name order. Links are not followed out of it. */
export function createFolderSource(
  deps: { clock: Clock },
  options: { folder: string; labels?: readonly string[]; name?: string },
): SourceReader {
  const { folder } = options;
  const walk = async function* (relative: string): AsyncGenerator<string> {
    const entries = await readdir(join(folder, relative), { withFileTypes: true });
    for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) yield* walk(path);
      else if (entry.isFile() && isReadable(path, false)) yield path;
    }
  };
  return {
    name: options.name ?? folder,
    list: async function* (signal) {
      for await (const uri of walk('')) {
        signal?.throwIfAborted();
        const { size, mtimeMs } = await stat(join(folder, uri));
        const racy = deps.clock.now() - mtimeMs < racyMs;
        yield { uri, stamp: racy ? '' : `${size}:${mtimeMs}:${(options.labels ?? []).join(',')}` };
      }
    },
    load: async ({ uri }) => {
      const bytes = await readFile(join(folder, uri));
      if (bytes.length > largestBytes)
        throw new RangeError(`${bytes.length} bytes are more than the 32 MiB that are read`);
      return bytes;
    },
    parse: async ({ uri }, bytes) => {
      const documents = await readFormat(uri, bytes);
      const labels = options.labels ?? [];
      return documents.map((document) => ({ ...document, labels: [...document.labels, ...labels] }));
    },
  };
}
