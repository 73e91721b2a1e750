import { openDatabase } from '../infra/runtime/database.ts';
import type { Database } from '../infra/runtime/database.ts';

/** The schema of the state file, oldest first. A script that was released is never altered; a new one is appended. */
export const stateMigrations: readonly string[] = [
  `CREATE TABLE checkpoints (
     thread TEXT NOT NULL, namespace TEXT NOT NULL, id TEXT NOT NULL, parent TEXT,
     checkpoint TEXT NOT NULL, metadata TEXT NOT NULL,
     PRIMARY KEY (thread, namespace, id)) WITHOUT ROWID;
   CREATE TABLE writes (
     thread TEXT NOT NULL, namespace TEXT NOT NULL, checkpoint TEXT NOT NULL, task TEXT NOT NULL, position INTEGER NOT NULL,
     channel TEXT NOT NULL, value TEXT,
     PRIMARY KEY (thread, namespace, checkpoint, task, position)) WITHOUT ROWID;
   CREATE TABLE runs (
     run TEXT PRIMARY KEY, thread TEXT NOT NULL, asked_ms INTEGER NOT NULL, question TEXT NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'cancelled')),
     owner TEXT, pid INTEGER, touched_ms INTEGER NOT NULL,
     understanding TEXT, answer TEXT, error TEXT, recorded INTEGER NOT NULL DEFAULT 0);
   CREATE INDEX runs_by_thread ON runs (thread, asked_ms);
   CREATE INDEX runs_by_status ON runs (status);`,
];

/** Opens the file that holds runs and checkpoints, and brings its schema up to date. Errors as `openDatabase`. */
export function openStateFile(path: string): Database {
  return openDatabase(path, stateMigrations);
}
