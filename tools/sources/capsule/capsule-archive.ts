import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { CerebroError } from '../../../infra/runtime/errors.ts';

export interface ArchiveLimits {
  /** Most bytes in all, unpacked; default 1 GiB. */
  maxBytes?: number;
  /** Most files; default 200,000. */
  maxFiles?: number;
}

/** Packs the files of a capsule folder into one `.tar.zst`. Equal folders give equal bytes (names sorted, no times, no owners). */
export async function packCapsule(dir: string, file: string): Promise<void> {
  const names = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, '/').length).replaceAll('\\', '/'))
    .sort();
  const archive = pack();
  const writing = pipeline(Readable.from(archive), createZstdCompress(), createWriteStream(file));
  for (const name of names) archive.entry({ name, mtime: new Date(0), mode: 0o644 }, await readFile(join(dir, name)));
  archive.finalize();
  await writing;
}

/** Writes an archive's files into `dir`. Throws CAPSULE_INVALID for paths that lead out of it, links, and archives over the limits. */
export async function unpackCapsule(file: string, dir: string, limits: ArchiveLimits = {}): Promise<void> {
  await readArchive(file, limits, async (name, content) => {
    const path = join(dir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  });
}

/** Reads an archive's files into memory, by name; same checks as unpacking. */
export async function readCapsuleArchive(file: string, limits: ArchiveLimits = {}): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  await readArchive(file, limits, (name, content) => void files.set(name, content));
  return files;
}

async function readArchive(
  file: string,
  limits: ArchiveLimits,
  take: (name: string, content: Buffer) => void | Promise<void>,
): Promise<void> {
  const { maxBytes = 1024 ** 3, maxFiles = 200_000 } = limits;
  const unpacking = extract();
  const feeding = pipeline(createReadStream(file), createZstdDecompress(), unpacking);
  feeding.catch(() => undefined);
  let bytes = 0;
  let files = 0;
  try {
    for await (const entry of unpacking) {
      const { name } = entry.header;
      const type = entry.header.type ?? 'file';
      if (type !== 'file' && type !== 'directory') throw invalid(file, `it holds a ${type} (${name.slice(0, 100)})`);
      if (!isInside(name)) throw invalid(file, `the path ${JSON.stringify(name.slice(0, 100))} leads out of it`);
      if (type === 'directory') {
        entry.resume();
        continue;
      }
      if ((files += 1) > maxFiles) throw invalid(file, `it holds more than ${maxFiles} files`);
      const chunks: Buffer[] = [];
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tar-stream gives bytes
      for await (const piece of entry as AsyncIterable<Buffer>) {
        bytes += piece.length;
        if (bytes > maxBytes) throw invalid(file, `it unpacks to more than ${maxBytes} bytes`);
        chunks.push(piece);
      }
      await take(name.replace(/^\.\//, ''), Buffer.concat(chunks));
    }
    await feeding;
  } catch (thrown) {
    unpacking.destroy();
    if (thrown instanceof CerebroError) throw thrown;
    throw invalid(file, `it cannot be read (${thrown instanceof Error ? thrown.message : String(thrown)})`, thrown);
  }
}

function isInside(name: string): boolean {
  if (name === '' || name.startsWith('/') || name.includes('\\') || name.includes('\0') || /^[a-zA-Z]:/.test(name))
    return false;
  return !name.split('/').includes('..');
}

function invalid(file: string, why: string, cause?: unknown): CerebroError {
  return new CerebroError('CAPSULE_INVALID', `The capsule ${file} is refused: ${why}.`, { cause });
}
