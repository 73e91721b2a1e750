import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Where a tail stands: the file's identity and the bytes that are done with. */
export interface TailPosition {
  inode: string;
  position: number;
}

export interface TailBatch {
  lines: Buffer[];
  /** Lines longer than the cap: only their start is given. */
  oversized: { start: Buffer; bytes: number }[];
  /** The position after these lines; store it with what was made of them. */
  position: TailPosition;
  /** False when bytes were waiting already at the previous poll, so arrival says nothing of when the lines were written. */
  fresh: boolean;
}

/** Follows one file through appends, truncation and rotation (a new file under the same name). */
export interface FileTail {
  /** Complete lines since the last poll, in file order; at most about `maxBatchBytes` of them. A file that is absent gives none. */
  poll(): Promise<TailBatch>;
  close(): Promise<void>;
}

const chunkBytes = 256 * 1024;

/** Opens a tail at a stored position, or at the file's beginning. Memory is bounded by `maxLineBytes` and `maxBatchBytes`. */
export function createFileTail(
  path: string,
  from: TailPosition,
  options: { maxLineBytes?: number; maxBatchBytes?: number } = {},
): FileTail {
  const { maxLineBytes = 256 * 1024, maxBatchBytes = 4 * 1024 * 1024 } = options;
  let handle: FileHandle | undefined;
  let { inode, position } = from;
  let caughtUp = false;
  /** A line longer than the cap that has not ended yet. */
  let passing: { start: Buffer; bytes: number } | undefined;
  const buffer = Buffer.allocUnsafe(chunkBytes);

  const openAt = async (): Promise<boolean> => {
    if (handle !== undefined) return true;
    try {
      handle = await open(path, 'r');
    } catch {
      return false;
    }
    const facts = await handle.stat();
    const identity = identityOf(facts);
    if (identity !== inode || facts.size < position) position = 0;
    inode = identity;
    return true;
  };
  const closeHandle = async (): Promise<void> => {
    const held = handle;
    handle = undefined;
    await held?.close();
  };

  /** Reads complete lines from `position` on. Of a line that outgrows the cap, only the start is kept and the rest is passed over. */
  const readLines = async (batch: TailBatch): Promise<'end' | 'more'> => {
    let partial: Buffer[] = [];
    let partialBytes = 0;
    let offset = position;
    for (let total = 0; total < maxBatchBytes;) {
      const { bytesRead } = await handle!.read(buffer, 0, chunkBytes, offset);
      if (bytesRead === 0) return 'end';
      total += bytesRead;
      let start = 0;
      for (let newline = buffer.indexOf(10); newline >= 0 && newline < bytesRead; newline = buffer.indexOf(10, start)) {
        const piece = Buffer.from(buffer.subarray(start, newline));
        if (passing !== undefined) {
          batch.oversized.push({ start: passing.start, bytes: passing.bytes + piece.length });
          passing = undefined;
        } else {
          const line = partialBytes === 0 ? piece : Buffer.concat([...partial, piece]);
          if (line.length <= maxLineBytes) batch.lines.push(line);
          else batch.oversized.push({ start: line.subarray(0, 4_000), bytes: line.length });
        }
        [partial, partialBytes] = [[], 0];
        start = newline + 1;
        position = offset + start;
      }
      const rest = Buffer.from(buffer.subarray(start, bytesRead));
      offset += bytesRead;
      partial.push(rest);
      partialBytes += rest.length;
      if (passing === undefined && partialBytes > maxLineBytes) {
        passing = { start: Buffer.concat(partial).subarray(0, 4_000), bytes: 0 };
      }
      if (passing !== undefined) {
        passing.bytes += partialBytes;
        [partial, partialBytes] = [[], 0];
        position = offset;
      }
    }
    return 'more';
  };

  return {
    async poll() {
      const batch: TailBatch = { lines: [], oversized: [], position: { inode, position }, fresh: caughtUp };
      if (!(await openAt())) return batch;
      const facts = await handle!.stat();
      if (facts.size < position) position = 0;
      let state = await readLines(batch);
      if (state === 'end' && (await isReplaced(path, inode))) {
        await closeHandle();
        passing = undefined;
        if (await openAt()) state = await readLines(batch);
      }
      caughtUp = state === 'end';
      batch.position = { inode, position };
      return batch;
    },
    close: closeHandle,
  };
}

async function isReplaced(path: string, inode: string): Promise<boolean> {
  try {
    return identityOf(await stat(path)) !== inode;
  } catch {
    return false;
  }
}

function identityOf(facts: { dev: number; ino: number }): string {
  return `${facts.dev}:${facts.ino}`;
}
