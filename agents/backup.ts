import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync, backup } from 'node:sqlite';
import { CerebroError } from '../infra/runtime/errors.ts';
import { stateMigrations } from './state-file.ts';

/**
 * Copies a state file while it is in use (SQLite's online backup): the copy is whole and stands for one moment. It appears at `to` only when it is
 * complete. Throws NOT_FOUND without a state file, CONFLICT when `to` exists.
 */
export async function backUpState(from: string, to: string): Promise<void> {
  if (!existsSync(from)) throw new CerebroError('NOT_FOUND', `There is no state file at ${from}.`);
  if (existsSync(to)) throw new CerebroError('CONFLICT', `${to} exists; name a new file for the backup.`);
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { force: true });
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    await backup(source, unfinished);
    checkState(unfinished);
    renameSync(unfinished, to);
  } finally {
    source.close();
    for (const rest of ['', '-wal', '-shm']) rmSync(`${unfinished}${rest}`, { force: true });
  }
}

/**
 * Puts a backup in the place of the state file; the caller holds the lock of the data folder, so that nobody has it open. The file that stood there is
 * kept beside it as `.before-restore`. Throws NOT_FOUND, and STORE_DAMAGED for a file that is no whole state file of this or an older version; then
 * nothing is changed.
 */
export async function restoreState(from: string, to: string): Promise<void> {
  if (!existsSync(from)) throw new CerebroError('NOT_FOUND', `There is no backup at ${from}.`);
  checkState(from);
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { force: true });
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(source, unfinished);
  } finally {
    source.close();
  }
  // The log of the file that goes must not be read into the one that comes.
  for (const rest of ['', '-wal', '-shm']) {
    rmSync(`${to}.before-restore${rest}`, { force: true });
    if (existsSync(`${to}${rest}`)) renameSync(`${to}${rest}`, `${to}.before-restore${rest}`);
  }
  renameSync(unfinished, to);
}

function checkState(path: string): void {
  let file: DatabaseSync | undefined;
  try {
    file = new DatabaseSync(path, { readOnly: true });
    const version = Number(file.prepare('PRAGMA user_version').get()?.['user_version']);
    const whole = file.prepare('PRAGMA integrity_check').get()?.['integrity_check'] === 'ok';
    file.prepare('SELECT run, status FROM runs LIMIT 1').get();
    if (whole && version >= 1 && version <= stateMigrations.length) return;
    throw new CerebroError(
      'STORE_DAMAGED',
      `${path} is not whole, or of a version (${version}) that this program does not know.`,
    );
  } catch (thrown) {
    if (thrown instanceof CerebroError) throw thrown;
    throw new CerebroError('STORE_DAMAGED', `${path} is no state file: ${String(thrown)}.`, { cause: thrown });
  } finally {
    file?.close();
  }
}
