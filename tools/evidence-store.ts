import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Evidence } from '../domain/evidence.ts';
import { evidence as evidenceSchema } from '../domain/evidence.ts';
import { bytesHash, canonicalJson, contentHash } from '../infra/runtime/canonical-json.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import { openDatabase } from '../infra/runtime/database.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { itemsOf } from './evidence-items.ts';

/**
 * Keeps every observation by content: the record in SQLite, the raw result beside it or, when large, in a compressed file named by its
 * hash. Putting the same twice gives the same id and stores it once. Synchronous. Reads of unknown ids give undefined, or throw NOT_FOUND
 * where a raw result is asked for; a raw file that is gone or does not match its hash throws STORE_DAMAGED.
 */
export interface EvidenceStore {
  put(record: Omit<Evidence, 'id' | 'handle' | 'size'>, raw: unknown): Evidence;
  get(id: string): Evidence | undefined;
  raw(id: string): unknown;
  /** The raw result as a list (its longest list, or itself as the one item), cut to `limit` items from `offset`. */
  page(id: string, offset: number, limit: number): { items: unknown[]; total: number };
  /** Deletes the oldest evidence beyond either bound, with the raw results that nothing else needs. Returns how many records went. */
  prune(keep: { maxAgeMs?: number; maxBytes?: number }): number;
  close(): void;
}

export interface EvidenceStoreOptions {
  /** Raw results above this many bytes of JSON go to files. */
  spillBytes?: number;
}

const migrations = [
  `CREATE TABLE evidence (id TEXT PRIMARY KEY, at INTEGER NOT NULL, handle TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
   CREATE INDEX evidence_age ON evidence (at);
   CREATE INDEX evidence_handle ON evidence (handle);
   CREATE TABLE raw (handle TEXT PRIMARY KEY, size INTEGER NOT NULL, stored INTEGER NOT NULL, body TEXT) WITHOUT ROWID;`,
];

/** Opens the store in `folder` (made when absent); `:memory:` keeps records in memory and never spills. */
export function openEvidenceStore(
  deps: { clock: Clock },
  folder: string,
  options: EvidenceStoreOptions = {},
): EvidenceStore {
  const inMemory = folder === ':memory:';
  const spillBytes = inMemory ? Number.POSITIVE_INFINITY : (options.spillBytes ?? 16_384);
  const database = openDatabase(inMemory ? ':memory:' : join(folder, 'evidence.db'), migrations);
  const { sql } = database;
  const insertRecord = sql.prepare('INSERT OR IGNORE INTO evidence (id, at, handle, record) VALUES (?, ?, ?, ?)');
  const insertRaw = sql.prepare('INSERT OR IGNORE INTO raw (handle, size, stored, body) VALUES (?, ?, ?, ?)');
  const hasRaw = sql.prepare('SELECT 1 FROM raw WHERE handle = ?');
  const selectRecord = sql.prepare('SELECT record FROM evidence WHERE id = ?');
  const selectRaw = sql.prepare('SELECT body FROM raw WHERE handle = ?');
  const fileOf = (hash: string): string => join(folder, 'raw', hash.slice(0, 2), `${hash}.json.zst`);

  const readRaw = (id: string): unknown => {
    const found = get(id);
    if (found === undefined) throw new CerebroError('NOT_FOUND', `No evidence has the id ${id}; it may have aged out.`);
    const body = selectRaw.get(found.handle)?.['body'];
    if (typeof body === 'string') return JSON.parse(body) as unknown;
    return readSpilled(fileOf(found.handle.slice('sha256:'.length)), id);
  };
  const get = (id: string): Evidence | undefined => {
    const text = selectRecord.get(id)?.['record'];
    if (typeof text !== 'string') return undefined;
    const parsed = evidenceSchema.safeParse(JSON.parse(text));
    if (!parsed.success) throw new CerebroError('STORE_DAMAGED', `The record of evidence ${id} does not fit its form.`);
    return parsed.data;
  };

  return {
    put(record, raw) {
      const json = canonicalJson(raw ?? null);
      const hash = bytesHash(json);
      const handle = `sha256:${hash}`;
      const size = Buffer.byteLength(json);
      const body = { ...record, handle, size };
      const full: Evidence = { id: `ev_${contentHash(body).slice(0, 16)}`, ...body };
      const spilled = size > spillBytes;
      const isNew = hasRaw.get(handle) === undefined;
      const stored = isNew && spilled ? spill(fileOf(hash), json) : size;
      database.transaction(() => {
        if (isNew) insertRaw.run(handle, size, stored, spilled ? null : json);
        insertRecord.run(full.id, deps.clock.now(), handle, JSON.stringify(full));
      });
      return full;
    },
    get,
    raw: readRaw,
    page(id, offset, limit) {
      const items = itemsOf(readRaw(id));
      return { items: items.slice(offset, offset + limit), total: items.length };
    },
    prune(keep) {
      const gone = database.transaction(() => {
        let removed = 0;
        if (keep.maxAgeMs !== undefined) {
          removed += Number(
            sql.prepare('DELETE FROM evidence WHERE at < ?').run(deps.clock.now() - keep.maxAgeMs).changes,
          );
        }
        if (keep.maxBytes !== undefined) {
          removed += Number(sql.prepare(overSize).run(keep.maxBytes).changes);
        }
        const orphans = sql.prepare(`SELECT handle, body IS NULL AS spilled FROM raw WHERE ${orphaned}`).all();
        sql.exec(`DELETE FROM raw WHERE ${orphaned}`);
        return { removed, orphans };
      });
      // Files go after the commit: a crash in between leaves a stray file, never a record without its raw result.
      for (const { handle, spilled } of gone.orphans) {
        if (spilled === 1) rmSync(fileOf(String(handle).slice('sha256:'.length)), { force: true });
      }
      return gone.removed;
    },
    close: () => database.close(),
  };
}

const orphaned = 'NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.handle = raw.handle)';

/** Deletes from the oldest on what does not fit the byte bound, counting each record with its raw result. */
const overSize = `DELETE FROM evidence WHERE id IN (
  SELECT id FROM (
    SELECT id, SUM(raw.stored) OVER (ORDER BY at DESC, id) AS running FROM evidence JOIN raw USING (handle)
  ) WHERE running > ?)`;

function spill(path: string, json: string): number {
  const bytes = zstdCompressSync(json);
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
  return bytes.byteLength;
}

function readSpilled(path: string, id: string): unknown {
  try {
    return JSON.parse(zstdDecompressSync(readFileSync(path)).toString()) as unknown;
  } catch (thrown) {
    throw new CerebroError('STORE_DAMAGED', `The raw result of evidence ${id} cannot be read from ${path}.`, {
      cause: thrown,
    });
  }
}
