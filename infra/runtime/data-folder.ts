import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CerebroError } from './errors.ts';

/** A folder that belongs to one process at a time. */
export interface DataFolder {
  path: string;
  close(): void;
}

/**
 * Takes a folder for this process. The lock is an open exclusive transaction on a small SQLite file, so the operating system drops it with
 * the process, however that ends. Throws STORE_LOCKED when another process holds it.
 */
export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true });
  const lock = new DatabaseSync(join(path, 'lock.sqlite'), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    throw new CerebroError(
      'STORE_LOCKED',
      `Another process uses ${path}. Stop it, or choose another folder with --data or CEREBRO_DATA_DIR.`,
      { cause: thrown },
    );
  }
  return { path, close: () => lock.close() };
}
