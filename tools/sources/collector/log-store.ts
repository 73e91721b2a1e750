import { logLevel } from '../../../domain/signal.ts';
import type { LogRecord } from '../../../domain/signal.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { Database } from '../../../infra/runtime/database.ts';
import { levelRank } from '../../../detection/evidence/logs/formats/log-level.ts';
import type { ReadLogLine } from '../../../detection/evidence/logs/formats/json-fields.ts';
import type { LogRequest, LogSource } from '../source.ts';
import { sourceResultOf } from '../source-result.ts';
import { stopIfAborted } from '../stop-if-aborted.ts';
import type { EntityNames } from './entity-names.ts';
import { optionalTextOf, textOf } from './sql-row.ts';
import type { SqlRow } from './sql-row.ts';
import type { TailPosition } from './file-tail.ts';

/** One file of logs as kept: its records' times are moved by `skewMs` when read. */
export interface LogFile {
  id: number;
  path: string;
  service: string;
  position: TailPosition;
  skewMs: number;
}

export interface LogStore {
  /** The stored standing of a file. `form` keeps apart what has its own times (`json`) and what has the time of arrival (`text`). */
  fileOf(path: string, form: 'json' | 'text', service: string): LogFile;
  /** Returns the record's row. */
  add(file: number, at: number, record: ReadLogLine): number | bigint;
  /** What a record is once more of it was read; its time stays. */
  replace(row: number | bigint, record: ReadLogLine): void;
  savePosition(file: LogFile): void;
  source(flush: () => void): LogSource;
}

const levels = logLevel.options;

/** Logs in the collector's database; times are corrected when read, so that a better estimate of a file's clock mends what was kept. */
export function openLogStore(database: Database, names: EntityNames): LogStore {
  const { sql } = database;
  const insert = sql.prepare('INSERT INTO logs (file, at, level, message, fields, trace) VALUES (?, ?, ?, ?, ?, ?)');
  const change = sql.prepare('UPDATE logs SET level = ?, message = ?, fields = ?, trace = ? WHERE rowid = ?');
  const update = sql.prepare('UPDATE files SET inode = ?, position = ?, skew = ? WHERE id = ?');
  const addFile = sql.prepare('INSERT OR IGNORE INTO files (path, form, service) VALUES (?, ?, ?)');
  const file = sql.prepare('SELECT * FROM files WHERE path = ? AND form = ?');
  return {
    fileOf(path, form, service) {
      addFile.run(path, form, service);
      return logFileFrom(file.get(path, form) ?? {});
    },
    add: (id, at, record) => insert.run(id, at, ...columnsOf(record)).lastInsertRowid,
    replace: (row, record) => void change.run(...columnsOf(record), row),
    savePosition: (one) => void update.run(one.position.inode, one.position.position, one.skewMs, one.id),
    source: (flush) => ({
      name: 'collector',
      async search(request, signal) {
        stopIfAborted(signal);
        flush();
        return search(database, names, request);
      },
    }),
  };
}

function columnsOf({ level, message, fields, traceId }: ReadLogLine): [number, string, string | null, string | null] {
  const held = Object.keys(fields).length === 0 ? null : JSON.stringify(fields);
  return [levels.indexOf(level), message, held, traceId ?? null];
}

function search(
  database: Database,
  names: EntityNames,
  request: LogRequest,
): ReturnType<typeof sourceResultOf<LogRecord>> {
  const wanted = names.namesIn(request.entities);
  const all = database.sql
    .prepare('SELECT * FROM files ORDER BY id')
    .all()
    .map((row) => logFileFrom(row));
  const files = all.filter((one) => wanted === undefined || wanted.has(one.service));
  const [from, to] = [msOf(request.window.from), msOf(request.window.to)];
  const { where, values } = conditionsOf(request);
  const select = database.sql.prepare(
    `SELECT at, level, message, fields, trace FROM logs WHERE file = ? AND at >= ? AND at < ?${where} ORDER BY at, rowid LIMIT ?`,
  );
  const found: { at: number; record: LogRecord }[] = [];
  const notes: string[] = [];
  // One more than asked shows that there is more; a page of each file is enough for a page of all.
  const page = Math.min(Math.max(0, request.limit) + 1, 1_000_000_000);
  for (const one of files) {
    const rows = select.all(one.id, from - one.skewMs, to - one.skewMs, ...values, page);
    for (const row of rows) {
      const at = Number(row['at']) + one.skewMs;
      found.push({ at, record: recordFrom(row, at, names.idOf(one.service)) });
    }
    if (one.skewMs !== 0 && rows.length > 0) {
      const seconds = Math.abs(one.skewMs / 1000).toFixed(1);
      notes.push(
        `the clock of ${one.service}'s log is ${seconds} s ${one.skewMs < 0 ? 'ahead' : 'behind'}; its times are corrected`,
      );
    }
  }
  found.sort((left, right) => left.at - right.at);
  const looked = [...new Set((files.length === 0 ? all : files).map((one) => one.service))].join(', ');
  return sourceResultOf(
    found.map((one) => one.record),
    {
      limit: request.limit,
      lookedAt: `collector: logs of ${looked || 'no file'}; asked for ${request.entities.join(', ') || 'all entities'}, ${request.window.from} to ${request.window.to}`,
      notes,
    },
  );
}

function conditionsOf(request: LogRequest): { where: string; values: (string | number)[] } {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  if (request.minLevel !== undefined) {
    const least = levelRank[request.minLevel];
    parts.push(`level IN (${levels.flatMap((level, index) => (levelRank[level] >= least ? [index] : [])).join(', ')})`);
  }
  if (request.traceId !== undefined) {
    parts.push('trace = ?');
    values.push(request.traceId);
  }
  for (const word of request.text?.toLowerCase().split(/\s+/) ?? []) {
    if (word === '') continue;
    parts.push("instr(lower(message || ' ' || coalesce(fields, '')), ?) > 0");
    values.push(word);
  }
  return { where: parts.map((part) => ` AND ${part}`).join(''), values };
}

function recordFrom(row: SqlRow, at: number, entity: string): LogRecord {
  const fields = optionalTextOf(row, 'fields');
  const traceId = optionalTextOf(row, 'trace');
  return {
    at: isoOf(at),
    entity,
    level: levels[Number(row['level'])] ?? 'unknown',
    message: textOf(row, 'message'),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `add`
    ...(fields === undefined ? {} : { fields: JSON.parse(fields) as Record<string, unknown> }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

function logFileFrom(row: SqlRow): LogFile {
  return {
    id: Number(row['id']),
    path: textOf(row, 'path'),
    service: textOf(row, 'service'),
    position: { inode: textOf(row, 'inode'), position: Number(row['position']) },
    skewMs: Number(row['skew']),
  };
}
