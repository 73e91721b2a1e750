import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CerebroError } from './errors.ts';

/** One SQLite file. `sql` is the raw handle; `transaction` commits or rolls back as a whole and may be nested (savepoints). */
export interface Database {
  sql: DatabaseSync;
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens (and makes) a SQLite file and brings its schema up to date: `migrations` are SQL scripts applied in order, each in a transaction,
 * counted in `PRAGMA user_version`. Write-ahead log; a second writer waits up to five seconds. Throws STORE_DAMAGED for a file that is no
 * database or was written by a newer version.
 */
export function openDatabase(
  path: string,
  migrations: readonly string[],
  options: { readOnly?: boolean } = {},
): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sql = new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: 5_000 });
  let depth = 0;
  const database: Database = {
    sql,
    transaction(work) {
      const name = `level_${depth}`;
      sql.exec(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${name}`);
      depth += 1;
      try {
        const result = work();
        sql.exec(depth === 1 ? 'COMMIT' : `RELEASE ${name}`);
        return result;
      } catch (thrown) {
        sql.exec(depth === 1 ? 'ROLLBACK' : `ROLLBACK TO ${name}; RELEASE ${name}`);
        throw thrown;
      } finally {
        depth -= 1;
      }
    },
    close: () => {
      if (sql.isOpen) sql.close();
    },
  };
  try {
    if (options.readOnly !== true) {
      sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      migrate(database, migrations, path);
    }
    return database;
  } catch (thrown) {
    sql.close();
    if (thrown instanceof CerebroError) throw thrown;
    throw new CerebroError(
      'STORE_DAMAGED',
      `${path} cannot be opened as a database of this version: ${String(thrown)}. Restore it from a backup or move it away.`,
      { cause: thrown },
    );
  }
}

function migrate(database: Database, migrations: readonly string[], path: string): void {
  const versionOf = (): number => Number(database.sql.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (versionOf() > migrations.length) {
    throw new CerebroError(
      'STORE_DAMAGED',
      `${path} was written by a newer version (schema ${versionOf()}, this one knows ${migrations.length}); upgrade, or use another data folder.`,
    );
  }
  if (versionOf() === migrations.length) return;
  database.transaction(() => {
    // Read again inside the write lock: another process may have migrated meanwhile.
    for (let version = versionOf(); version < migrations.length; version += 1) {
      database.sql.exec(migrations[version] ?? '');
      database.sql.exec(`PRAGMA user_version = ${version + 1}`);
    }
  });
}
