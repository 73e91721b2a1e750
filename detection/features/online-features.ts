import type { Clock } from '../../infra/runtime/clock.ts';
import { openDatabase } from '../../infra/runtime/database.ts';

/** The newest features of an entity. `stale` says that they are older than they should be, though not yet dropped. */
export interface OnlineRow {
  values: Float32Array;
  /** Time of the sample that they were computed from, in milliseconds. */
  at: number;
  ageMs: number;
  stale: boolean;
}

/** The newest row of each entity and feature set, for serving. */
export interface OnlineFeatures {
  /** Keeps a row unless a newer one is there. */
  put(set: string, entity: string, at: number, values: Float32Array): void;
  /** Undefined when there is none, or when it has outlived its time. */
  get(set: string, entity: string): OnlineRow | undefined;
  /** Drops what has outlived its time; returns how many rows. */
  sweep(): number;
  close(): void;
}

const migrations = [
  `CREATE TABLE features (name TEXT NOT NULL, entity TEXT NOT NULL, at REAL NOT NULL, value BLOB NOT NULL, PRIMARY KEY (name, entity)) WITHOUT ROWID;`,
];

/**
 * Opens a store: a SQLite file that several processes may share, or `:memory:`. Ages are counted from the time of the sample, not of the
 * writing, so a feed that lags shows as stale.
 */
export function openOnlineFeatures(
  path: string,
  deps: { clock: Clock },
  options: { staleMs?: number; lifeMs?: number } = {},
): OnlineFeatures {
  const staleMs = options.staleMs ?? 5 * 60_000;
  const lifeMs = options.lifeMs ?? 60 * 60_000;
  const database = openDatabase(path, migrations);
  const put = database.sql.prepare(
    'INSERT INTO features VALUES (?, ?, ?, ?) ON CONFLICT (name, entity) DO UPDATE SET at = excluded.at, value = excluded.value WHERE excluded.at >= features.at',
  );
  const get = database.sql.prepare('SELECT at, value FROM features WHERE name = ? AND entity = ?');
  const drop = database.sql.prepare('DELETE FROM features WHERE at < ?');
  return {
    put(set, entity, at, values) {
      put.run(set, entity, at, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    },
    get(set, entity) {
      const row = get.get(set, entity);
      const bytes = row?.['value'];
      if (row === undefined || !(bytes instanceof Uint8Array)) return undefined;
      const at = Number(row['at']);
      const ageMs = deps.clock.now() - at;
      if (ageMs > lifeMs) return undefined;
      // A copy, because a view over SQLite's bytes may not start at a multiple of four.
      return { values: new Float32Array(Uint8Array.from(bytes).buffer), at, ageMs, stale: ageMs > staleMs };
    },
    sweep: () => Number(drop.run(deps.clock.now() - lifeMs).changes),
    close: () => database.close(),
  };
}
