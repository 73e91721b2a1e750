import type { LogLevel } from '../../../domain/signal.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import { lineFactsOf } from './formats/line-facts.ts';
import { type HintRow, hintRows } from './hint-table.ts';
import { createPhraseIndex } from './phrase-index.ts';

/** What a log line hints at: a fault kind of the catalogue, and whose fault it is: the writer's, its peer's, or its client's. */
export interface LineHint {
  faultKind: string;
  of: 'self' | 'peer' | 'client';
}

/** A line as it was read. */
export interface HintedLine {
  level: LogLevel;
  message: string;
  fields?: Readonly<Record<string, unknown>> | undefined;
}

/** Software that answers others: what its own log says of limits, locks and refusals is said of itself. */
const servers: ReadonlySet<string> = new Set([
  'postgres',
  'mysql',
  'redis',
  'rabbitmq',
  'nats',
  'mongodb',
  'elasticsearch',
  'php-fpm',
  'nginx',
  'apache',
]);
const rowsBy = (member: 'names' | 'sqlStates' | 'mysql' | 'errno'): Map<string, number> =>
  new Map(
    hintRows
      .flatMap((row, index) =>
        (row[member] ?? '').split(' ').flatMap((word) => (word === '' ? [] : [[word, index] as const])),
      )
      .toReversed(),
  );
const names = rowsBy('names');
const sqlStates = rowsBy('sqlStates');
const mysqlNumbers = rowsBy('mysql');
const errnos = rowsBy('errno');
const phrases = createPhraseIndex(
  hintRows.flatMap((row, index) =>
    (row.phrases ?? '').split('|').flatMap((phrase) => (phrase === '' ? [] : [[phrase, index] as const])),
  ),
);
const longest = 4_000;
/** Members whose values tell of a failure. */
const telling = [
  'err',
  'error',
  'exception',
  'reason',
  'cause',
  'code',
  'errorMessage',
  'error_message',
  'detail',
  'details',
  'failure',
  '@x',
  'exc_info',
  'stack',
  'stack_trace',
  'stacktrace',
  'attr',
  'errmsg',
  'planSummary',
];
const refusals = new Set([
  'no',
  'not',
  'without',
  'zero',
  '0',
  'never',
  'avoid',
  'avoids',
  'prevent',
  'prevents',
  'if',
  'unless',
  'when',
]);

/**
 * The hint of a line: a condition that the software it speaks of names (an error code, a state, a phrase of fixed wording, an exception class), in a
 * place where it is told: not in a setting, a comment, a denial or a line for debugging. A request that a gateway could not serve hints at its
 * upstream. Pure; linear in the line, of which 4,000 characters are read.
 */
export function hintOfLine({ level, message, fields = {} }: HintedLine): LineHint | undefined {
  if (level === 'debug' || level === 'trace') return undefined;
  const text = textOf(message, fields);
  const index = isSetting(message) ? undefined : rowOf(text, fields);
  const row = index === undefined ? undefined : hintRows[index];
  return row === undefined ? gatewayHint(fields) : { faultKind: row.faultKind, of: whose(row, text, fields) };
}

function whose(row: HintRow, text: string, fields: Readonly<Record<string, unknown>>): LineHint['of'] {
  const isServer = typeof fields['format'] === 'string' && servers.has(fields['format']);
  if (row.of === 'server') return isServer ? 'self' : 'peer';
  // A program whose credentials are refused says so of itself.
  if (row.of === 'client') return isServer ? 'client' : 'self';
  if (row.of === 'peer' && isServer && isAboutClient(text)) return 'client';
  return row.of;
}

/** Whether a server lost one who asks it, not one whom it asks. */
function isAboutClient(text: string): boolean {
  return /\bclient\b/.test(text.slice(0, 400)) && !text.includes('upstream');
}

function textOf(message: string, fields: Readonly<Record<string, unknown>>): string {
  const parts = [message.slice(0, longest)];
  for (const name of telling) {
    const value = fields[name];
    if (typeof value === 'string') parts.push(value.slice(0, 1_000));
    else if (typeof value === 'object' && value !== null)
      for (const part of ['type', 'name', 'code', 'message', 'planSummary', 'stack']) {
        const held = memberOf(value, part);
        if (typeof held === 'string') parts.push(held.slice(0, 1_000));
      }
  }
  return parts.join('\n');
}

function rowOf(text: string, fields: Readonly<Record<string, unknown>>): number | undefined {
  let best = stateRow(lineFactsOf(fields).sqlState) ?? Number.POSITIVE_INFINITY;
  const consider = (row: number | undefined): void => {
    if (row !== undefined && row < best) best = row;
  };
  for (const { word, start, end } of tokensOf(text)) {
    const named = names.get(word);
    if (named !== undefined && isTold(text, start, end)) consider(named);
    if (!/^\d{2,5}$/.test(word) && word.length !== 5) continue;
    const lead = leadOf(text, start);
    if (lead === 'errno' || lead === 'os error') consider(errnos.get(word));
    else if (lead === 'sqlstate') consider(stateRow(word));
    if (lead === 'error' || lead === 'error code' || lead === 'errno' || lead === 'code')
      consider(mysqlNumbers.get(word));
  }
  consider(phrases.first(text, (start, end) => isTold(text, start, end)));
  return Number.isFinite(best) ? best : undefined;
}

function stateRow(state: string | undefined): number | undefined {
  return state === undefined ? undefined : (sqlStates.get(state) ?? sqlStates.get(state.slice(0, 2)));
}

/** A request that a gateway answered for its upstream: 502 and 504 by their meaning, others where nobody was there to ask. */
function gatewayHint(fields: Readonly<Record<string, unknown>>): LineHint | undefined {
  const { status, upstream, upstreamStatus, ending } = lineFactsOf(fields);
  if (status === undefined || upstreamStatus === 500) return undefined;
  const isGateway =
    status === 502 ||
    status === 504 ||
    (status === 503 && (upstream !== undefined || (ending !== undefined && ending !== '-')));
  return isGateway ? { faultKind: 'dependency-down', of: 'peer' } : undefined;
}

/** A line of a configuration: an assignment, or a comment. */
function isSetting(message: string): boolean {
  const start = message.trimStart();
  if (start.startsWith('#') || start.startsWith('//') || start.startsWith(';')) return true;
  const equals = start.indexOf(' = ');
  return equals > 0 && equals < 60 && !start.slice(0, equals).includes(' ');
}

/** Whether what stands at a place is told: no denial before it, no name or value of a setting. */
function isTold(text: string, start: number, end: number): boolean {
  // Whole words only: a class may be called after a condition.
  if (text[end] === '=' || isNameCode(text.charCodeAt(end)) || isNameCode(text.charCodeAt(start - 1))) return false;
  // `retry.on=connection-refused`: a value without quotes of something that is no failure.
  let word = start;
  while (word > 0 && text.charCodeAt(word - 1) > 32 && start - word < 80) word -= 1;
  const equals = text.slice(word, start).indexOf('=');
  if (equals > 0 && text[word + equals + 1] !== '"') {
    const key = text.slice(word, word + equals).toLowerCase();
    if (!/(?:err|error|reason|cause|exception|msg|message|status|code|desc)$/.test(key)) return false;
  }
  // `pool.exhausted.action`: part of a dotted name.
  if (
    (text[end] === '.' && isSmall(text.charCodeAt(end + 1))) ||
    (text[start - 1] === '.' && isSmall(text.charCodeAt(start)) && isSmall(text.charCodeAt(start - 2)))
  )
    return false;
  let to = start - 1;
  while (to >= 0 && text[to] === ' ') to -= 1;
  let from = to;
  while (from >= 0 && isWordCode(text.charCodeAt(from)) && to - from < 12) from -= 1;
  return !refusals.has(text.slice(from + 1, to + 1).toLowerCase());
}

/** The words right before a number: `errno`, `os error`, `error code`; marks between do not count. */
function leadOf(text: string, start: number): string {
  const before = text
    .slice(Math.max(0, start - 24), start)
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();
  const two = before.split(' ').slice(-2).join(' ');
  return two === 'os error' || two === 'error code' ? two : before.slice(before.lastIndexOf(' ') + 1);
}

/** Runs of letters, digits and underscores. */
function* tokensOf(text: string): Generator<{ word: string; start: number; end: number }> {
  let at = 0;
  while (at < text.length) {
    if (!isNameCode(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    while (at < text.length && isNameCode(text.charCodeAt(at))) at += 1;
    if (at - start < 80) yield { word: text.slice(start, at), start, end: at };
  }
}

function isNameCode(code: number): boolean {
  return isWordCode(code) || code === 95;
}

function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122);
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122;
}
