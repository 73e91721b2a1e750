import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DatabaseLook,
  DatabaseStatement,
  SessionWait,
} from '../../../detection/evidence/database/database-look.ts';
import { parseCsv } from '../parse-csv.ts';

type Row = ReadonlyMap<string, string>;

const perMs = 1e9;
const takesLocks = /^(update|delete|insert|replace|lock|alter|drop|truncate|merge)$/;

/** A look into MySQL's performance_schema: rows of its event tables, times in picoseconds, nested by thread and event id. */
export function readDatabaseCase(path: string): DatabaseLook {
  const open = new Map<string, number>();
  for (const row of rowsOf(join(path, 'transactions.csv')))
    if (row.get('state') === 'ACTIVE') open.set(row.get('thread_id') ?? '', Number(row.get('event_id')));
  const stages = rowsOf(join(path, 'stages.csv'));
  const waits = rowsOf(join(path, 'waits.csv'));
  const phases = new Map(
    stages.filter(isRunning).map((row) => [row.get('thread_id') ?? '', phaseOf(row.get('event_name') ?? '')] as const),
  );
  return {
    statements: rowsOf(join(path, 'statements.csv')).flatMap((row) => statementOf(row, open, phases)),
    waits: waits.filter(isRunning).map(waitOf),
    locks: rowsOf(join(path, 'lock_waits.csv')).map((row) => ({
      waiter: row.get('requesting_thread_id') ?? '',
      blocker: row.get('blocking_thread_id') ?? '',
    })),
    tellsWaits: waits.length > 0,
  };
}

function isRunning(row: Row): boolean {
  return (row.get('end_event_id') ?? '') === '';
}

function statementOf(
  row: Row,
  open: ReadonlyMap<string, number>,
  phases: ReadonlyMap<string, DatabaseStatement['phase']>,
): DatabaseStatement[] {
  const session = row.get('thread_id') ?? '';
  const text = row.get('sql_text') ?? '';
  // Whoever looks sees itself look.
  if (/\bperformance_schema\b/i.test(text.slice(0, 2_000))) return [];
  const verb = (row.get('event_name') ?? '').split('/').at(-1) ?? '';
  const begun = open.get(session);
  const phase = isRunning(row) ? phases.get(session) : undefined;
  const [start, wait] = [Number(row.get('timer_start')), Number(row.get('timer_wait'))];
  return [
    {
      session,
      text,
      digest: row.get('digest') ?? row.get('digest_text') ?? text,
      startMs: (Number.isFinite(start) ? start : 0) / perMs,
      elapsedMs: (Number.isFinite(wait) ? wait : 0) / perMs,
      isRunning: isRunning(row),
      takesLocks: takesLocks.test(verb) || (verb === 'select' && /\bfor\s+(update|share)\b/i.test(text.slice(-200))),
      inOpenTransaction: begun !== undefined && Number(row.get('event_id')) >= begun,
      ...(phase === undefined ? {} : { phase }),
    },
  ];
}

function phaseOf(stage: string): DatabaseStatement['phase'] {
  if (/commit/i.test(stage)) return 'commit';
  return /to client|net/i.test(stage) ? 'client' : 'other';
}

function waitOf(row: Row): SessionWait {
  const name = row.get('event_name') ?? '';
  const kind = name.startsWith('wait/io/file')
    ? 'file'
    : name.startsWith('wait/io/table')
      ? 'table'
      : name.startsWith('wait/io/socket')
        ? 'socket'
        : name.startsWith('wait/synch')
          ? 'synch'
          : 'other';
  return { session: row.get('thread_id') ?? '', kind };
}

function rowsOf(path: string): Row[] {
  if (!existsSync(path)) return [];
  const [header = [], ...rows] = [...parseCsv(readFileSync(path, 'utf8'))];
  const names = header.map((name) => name.trim().toLowerCase());
  return rows.map((cells) => new Map(names.map((name, index) => [name, cells[index] ?? ''])));
}
