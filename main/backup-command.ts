import { join } from 'node:path';
import { backUpState, restoreState } from '../agents/backup.ts';
import type { Config } from '../config.ts';
import { openDataFolder } from '../infra/runtime/data-folder.ts';

/** Copies the state file while it is in use. Throws NOT_FOUND, CONFLICT or STORE_DAMAGED. */
export function runBackup({ dataDir }: Config, file: string): Promise<void> {
  return backUpState(join(dataDir, 'state.db'), file);
}

/** Puts a backup in place of the state file. Throws STORE_LOCKED while the product runs, NOT_FOUND or STORE_DAMAGED. */
export async function runRestore({ dataDir }: Config, file: string): Promise<void> {
  const folder = openDataFolder(dataDir);
  try {
    await restoreState(file, join(folder.path, 'state.db'));
  } finally {
    folder.close();
  }
}
