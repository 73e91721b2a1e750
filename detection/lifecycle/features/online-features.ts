import type { Clock } from '../../../infra/runtime/clock.ts';
import { openDatabase } from '../../../infra/runtime/database.ts';

/** The newest features of an entity. `stale` says that they are older than they should be, though not yet dropped. */
export interface OnlineRow {
  values: Float32Array;
  /** Time of the sample that they were computed from, in milliseconds. */
  at: number;
  ageMs: number;
  stale: boolean;
}

/** The newest row of each entity and feature set, for serving. Variants: SQLite (a file or memory), Redis. */
export interface OnlineFeatures {
  /** Keeps a row unless a newer one is there. */
  put(set: string, entity: string, row: { at: number; values: Float32Array }): Promise<void>;
  /** Undefined when there is none, or when it has outlived its time. */
  get(set: string, entity: string): Promise<OnlineRow | undefined>;
  /** Drops what has outlived its time; returns how many rows. A store that does so by itself returns 0. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

/** Ages from which a row is stale (default 5 minutes) and dropped (default an hour). */
export interface OnlineAges {
  staleMs?: number;
  lifeMs?: number;
}

const migrations = [
  `CREATE TABLE features (name TEXT NOT NULL, entity TEXT NOT NULL, at REAL NOT NULL, value BLOB NOT NULL, PRIMARY KEY (name, entity)) WITHOUT ROWID;`,
];

/**
 * Opens a store: a SQLite file that several processes may share, or `:memory:`. Ages are counted from the time of the sample, not of the
 * writing, so a feed that lags shows as stale.
 */
export function openOnlineFeatures(path: string, deps: { clock: Clock }, options: OnlineAges = {}): OnlineFeatures {
  const { staleMs, lifeMs } = agesOf(options);
  const database = openDatabase(path, migrations);
  const put = database.sql.prepare(
    'INSERT INTO features VALUES (?, ?, ?, ?) ON CONFLICT (name, entity) DO UPDATE SET at = excluded.at, value = excluded.value WHERE excluded.at >= features.at',
  );
  const get = database.sql.prepare('SELECT at, value FROM features WHERE name = ? AND entity = ?');
  const drop = database.sql.prepare('DELETE FROM features WHERE at < ?');
  return {
    // oxlint-disable-next-line typescript/require-await -- the contract is one of stores on servers too
    async put(set, entity, { at, values }) {
      put.run(set, entity, at, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    },
    // oxlint-disable-next-line typescript/require-await -- as above
    async get(set, entity) {
      const row = get.get(set, entity);
      const bytes = row?.['value'];
      if (row === undefined || !(bytes instanceof Uint8Array)) return undefined;
      return rowAt(Number(row['at']), bytes, { now: deps.clock.now(), staleMs, lifeMs });
    },
    sweep: () => Promise.resolve(Number(drop.run(deps.clock.now() - lifeMs).changes)),
    close: () => Promise.resolve(database.close()),
  };
}

/** The ages with their defaults. */
export function agesOf({ staleMs = 5 * 60_000, lifeMs = 60 * 60_000 }: OnlineAges): Required<OnlineAges> {
  return { staleMs, lifeMs };
}

/** A row of stored bytes, unless it has outlived its time. */
export function rowAt(
  at: number,
  bytes: Uint8Array,
  { now, staleMs, lifeMs }: Required<OnlineAges> & { now: number },
): OnlineRow | undefined {
  const ageMs = now - at;
  if (ageMs > lifeMs) return undefined;
  // A copy, because a view over a store's bytes may not start at a multiple of four.
  return { values: new Float32Array(Uint8Array.from(bytes).buffer), at, ageMs, stale: ageMs > staleMs };
}
