import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/** SHA-256 of a file's bytes, in hexadecimal, of any size: read in pieces of a megabyte. Throws what opening it throws. */
export function fileHash(path: string): string {
  const hash = createHash('sha256');
  const piece = new Uint8Array(2 ** 20);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
