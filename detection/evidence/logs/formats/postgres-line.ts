import type { LogLevel } from '../../../../domain/signal.ts';
import { readTime } from './log-time.ts';

/** A line of PostgreSQL's server log. */
export interface PostgresLine {
  at: number;
  level: LogLevel;
  message: string;
  fields: Record<string, string>;
}

/** Severities as the server prints them; what goes with a message before it counts as `info`. */
const severities: Readonly<Record<string, LogLevel>> = {
  DEBUG1: 'debug',
  DEBUG2: 'debug',
  DEBUG3: 'debug',
  DEBUG4: 'debug',
  DEBUG5: 'debug',
  LOG: 'info',
  INFO: 'info',
  NOTICE: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  FATAL: 'fatal',
  PANIC: 'fatal',
  DETAIL: 'info',
  HINT: 'info',
  STATEMENT: 'info',
  CONTEXT: 'info',
  QUERY: 'info',
};
const attached = new Set(['DETAIL', 'HINT', 'STATEMENT', 'CONTEXT', 'QUERY']);
const longestPrefix = 300;

/**
 * Reads a line of the text log, whatever `log_line_prefix` is: the severity stands before a colon and two spaces; before it a time, and of the rest
 * `user@database`, `[pid]`, `key=value` and a SQLSTATE where they are recognised.
 */
export function readPostgresText(text: string, near: number | undefined): PostgresLine | undefined {
  const colon = text.indexOf(':  ');
  if (colon < 3 || colon > longestPrefix) return undefined;
  const start =
    text.lastIndexOf(' ', colon) < text.lastIndexOf(':', colon - 1)
      ? text.lastIndexOf(':', colon - 1)
      : text.lastIndexOf(' ', colon);
  const severity = text.slice(start + 1, colon);
  const level = severities[severity];
  if (level === undefined) return undefined;
  const time = readTime(text, text[0] === '[' ? 1 : 0, near);
  // A client that quotes the server has no prefix of its own form.
  if (time === undefined) return undefined;
  const prefix = text.slice(time.end, start + 1);
  const fields: Record<string, string> = { severity };
  for (const word of prefix.split(/[\s,:]+/, 40)) {
    const equals = word.indexOf('=');
    const at = word.indexOf('@');
    if (equals > 0) fields[word.slice(0, equals)] = word.slice(equals + 1);
    else if (at > 0 && at < word.length - 1)
      [fields['user'], fields['database']] = [word.slice(0, at), word.slice(at + 1)];
    else if (/^\[\d+(?:-\d+)?\]$/.test(word)) fields['pid'] ??= word.slice(1, -1);
    else if (/^[0-9A-Z]{5}$/.test(word) && /\d/.test(word)) fields['sqlState'] = word;
  }
  const message = text.slice(colon + 3).trim();
  const statement = statementIn(message);
  return {
    at: Math.floor(time.ms),
    level,
    message,
    fields: { ...fields, ...(statement === undefined ? {} : { statement }) },
  };
}

/** Whether a line belongs to the message before it. */
export function isAttachedToPostgres(text: string): boolean {
  const colon = text.indexOf(':  ');
  if (colon < 4 || colon > longestPrefix) return false;
  let start = colon;
  while (start > 0 && text.charCodeAt(start - 1) >= 65 && text.charCodeAt(start - 1) <= 90) start -= 1;
  return attached.has(text.slice(start, colon));
}

/** `duration: 2301.442 ms  statement: SELECT ...` and `execute name: SELECT ...`; what is attached follows on its own line. */
function statementIn(message: string): string | undefined {
  for (const lead of ['STATEMENT:  ', ' statement: ', 'execute ']) {
    const at = message.indexOf(lead);
    if (at < 0 || (lead === 'execute ' && at > 40)) continue;
    const from = lead === 'execute ' ? message.indexOf(': ', at) + 2 : at + lead.length;
    if (from > 1) return message.slice(from, from + 2_000);
  }
  return undefined;
}

/** Columns of the csv log in order. */
const columns =
  'time user database pid remote sessionId line command sessionStart virtualTransaction transaction severity sqlState message detail hint internalQuery internalPosition context statement position location application backend leader queryId'.split(
    ' ',
  );
const kept = [
  'user',
  'database',
  'pid',
  'remote',
  'sqlState',
  'detail',
  'context',
  'statement',
  'application',
  'backend',
];

/** Reads a record of the csv log; statements may hold line ends. */
export function readPostgresCsv(text: string, near: number | undefined): PostgresLine | undefined {
  const time = readTime(text, 0, near);
  if (time === undefined || text[time.end] !== ',') return undefined;
  const cells = csvCells(text.slice(0, 64_000), columns.length);
  if (cells.length < 22) return undefined;
  const cellOf = (name: string): string => cells[columns.indexOf(name)] ?? '';
  const severity = cellOf('severity');
  const level = severities[severity];
  if (level === undefined) return undefined;
  const message = cellOf('message');
  const fields: Record<string, string> = { severity };
  for (const name of kept) if (cellOf(name) !== '') fields[name] = cellOf(name);
  const statement = fields['statement'] ?? statementIn(message);
  return {
    at: Math.floor(time.ms),
    level,
    message,
    fields: { ...fields, ...(statement === undefined ? {} : { statement }) },
  };
}

/** Cells of one csv record, quotes doubled within quotes; at most `most`. Linear. */
function csvCells(text: string, most: number): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length && cells.length < most) {
    if (text[at] !== '"') {
      const comma = text.indexOf(',', at);
      const end = comma < 0 ? text.length : comma;
      cells.push(text.slice(at, end));
      at = end + 1;
      continue;
    }
    const parts: string[] = [];
    let from = at + 1;
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote < 0) return [...cells, [...parts, text.slice(from)].join('"')];
      parts.push(text.slice(from, quote));
      if (text[quote + 1] !== '"') {
        at = quote + 2;
        break;
      }
      from = quote + 2;
    }
    cells.push(parts.join('"'));
  }
  return cells;
}

/** Whether quotes are still open: a record of the csv log that goes on in the next line. */
export function isOpenCsv(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 1;
}
