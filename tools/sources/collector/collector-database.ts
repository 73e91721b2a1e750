import { join } from 'node:path';
import { openDatabase } from '../../../infra/runtime/database.ts';
import type { Database } from '../../../infra/runtime/database.ts';

const migrations = [
  `CREATE TABLE kinds (name TEXT PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE series (id INTEGER PRIMARY KEY, job TEXT NOT NULL, metric TEXT NOT NULL, type TEXT NOT NULL, labels TEXT NOT NULL, unit TEXT, help TEXT, key TEXT NOT NULL);
   CREATE TABLE layouts (id INTEGER PRIMARY KEY, job TEXT NOT NULL, series TEXT NOT NULL);
   CREATE TABLE scrapes (at REAL NOT NULL, layout INTEGER NOT NULL, vals BLOB NOT NULL);
   CREATE INDEX scrapes_at ON scrapes (at);
   CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT NOT NULL, form TEXT NOT NULL, service TEXT NOT NULL, inode TEXT NOT NULL DEFAULT '', position INTEGER NOT NULL DEFAULT 0, skew REAL NOT NULL DEFAULT 0, UNIQUE (path, form));
   CREATE TABLE logs (file INTEGER NOT NULL, at REAL NOT NULL, level INTEGER NOT NULL, message TEXT NOT NULL, fields TEXT, trace TEXT);
   CREATE INDEX logs_at ON logs (file, at);
   CREATE TABLE spans (trace TEXT NOT NULL, span TEXT NOT NULL, parent TEXT, service TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, start REAL NOT NULL, duration REAL NOT NULL, status TEXT NOT NULL, attributes TEXT NOT NULL, peer TEXT, peer_kind TEXT, edge TEXT, PRIMARY KEY (trace, span)) WITHOUT ROWID;
   CREATE INDEX spans_start ON spans (start);`,
] as const;

/** The collector's SQLite file with its bounds. */
export interface CollectorDatabase extends Database {
  /** Deletes what is older than `cutoff`; when the file is still too full, the oldest tenth more. Returns the cutoff that now holds. */
  enforceBounds(cutoff: number): number;
}

/** Opens `collector.sqlite` in `dir`. Committed batches survive a kill of the process (write-ahead log). */
export function openCollectorDatabase(dir: string, maxBytes: number): CollectorDatabase {
  const database = openDatabase(join(dir, 'collector.sqlite'), migrations);
  const number = (statement: string): number =>
    Number(Object.values(database.sql.prepare(statement).get() ?? {})[0] ?? 0);
  const usedBytes = (): number =>
    (number('PRAGMA page_count') - number('PRAGMA freelist_count')) * number('PRAGMA page_size');
  const deleteBefore = (cutoff: number): void => {
    database.transaction(() => {
      database.sql.prepare('DELETE FROM scrapes WHERE at < ?').run(cutoff);
      database.sql.prepare('DELETE FROM spans WHERE start < ?').run(cutoff);
      database.sql
        .prepare(
          'DELETE FROM logs WHERE rowid IN (SELECT l.rowid FROM files f JOIN logs l ON l.file = f.id AND l.at < ? - f.skew)',
        )
        .run(cutoff);
      database.sql.exec('DELETE FROM layouts WHERE id NOT IN (SELECT DISTINCT layout FROM scrapes)');
    });
  };
  return {
    ...database,
    enforceBounds(cutoff) {
      let bound = cutoff;
      deleteBefore(bound);
      // Freed pages are used again, so the file itself stops growing at about `maxBytes`.
      for (let round = 0; round < 20 && usedBytes() > maxBytes; round += 1) {
        const oldest = number(
          'SELECT min(t) FROM (SELECT min(at) AS t FROM scrapes UNION ALL SELECT min(start) FROM spans UNION ALL SELECT min(at) FROM logs)',
        );
        const newest = number(
          'SELECT max(t) FROM (SELECT max(at) AS t FROM scrapes UNION ALL SELECT max(start) FROM spans UNION ALL SELECT max(at) FROM logs)',
        );
        if (newest === 0) break;
        bound = oldest + (newest - oldest) / 10 + 1;
        deleteBefore(bound);
      }
      return bound;
    },
  };
}
