import type { Database } from '../../infra/runtime/database.ts';
import { openDatabase } from '../../infra/runtime/database.ts';

const migrations = [
  `CREATE TABLE budgets (run TEXT PRIMARY KEY, steps INTEGER NOT NULL, tokens INTEGER NOT NULL, money REAL NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE repeats (run TEXT NOT NULL, key TEXT NOT NULL, count INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (run, key)) WITHOUT ROWID;
   CREATE INDEX repeats_age ON repeats (at);
   CREATE TABLE approvals (
     id TEXT PRIMARY KEY, action TEXT NOT NULL, run TEXT NOT NULL, tool TEXT NOT NULL, input TEXT NOT NULL, requested_by TEXT NOT NULL,
     requested_at INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'refused', 'used')),
     decided_by TEXT, decided_at INTEGER, expires_at INTEGER NOT NULL);
   CREATE INDEX approvals_action ON approvals (action, run, status);
   CREATE TABLE acts (run TEXT NOT NULL, key TEXT NOT NULL, tool TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;`,
];

/** Opens the file that the budget, loop, approval and acting-once guards keep their rows in, so that no restart resets them. */
export function openLedger(path: string): Database {
  return openDatabase(path, migrations);
}
