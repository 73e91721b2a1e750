import type { LogLevel } from '../../../../domain/signal.ts';
import { exceptionOf, failureOf } from './failure-of.ts';
import { readLogFields, type ReadLogLine } from './json-fields.ts';
import { durationInText, hostOf, type LineFacts, lineFactsOf, requestOf, tailFactsOf } from './line-facts.ts';
import { lineForms } from './line-forms.ts';
import { levelInText, levelOf, levelOfSeverity } from './log-level.ts';
import { readLogfmt } from './logfmt-pairs.ts';
import { readPostgresCsv, readPostgresText } from './postgres-line.ts';

/** A line of text taken apart. `fields.format` names the form that was recognised, where one was. */
export type ReadText = ReadLogLine & { isAccess?: boolean };

const textMax = 16_000;

/**
 * Reads one record of a text log, its continuation lines joined by line ends: the time, level, message without its header, and what its form says
 * besides (status, duration, statement, upstream, exception, frames). `near` is about when it was written, for times that leave out the year or
 * date. A line of no known form keeps its text and has the level that it names. Never throws; linear; reads at most 16,000 characters.
 */
export function readLogText(line: string, near?: number): ReadText {
  return read(withoutColours(line.slice(0, textMax)).trim(), near, 0);
}

function read(text: string, near: number | undefined, depth: number): ReadText {
  return (
    (text.startsWith('{') ? readJson(text, near, depth) : undefined) ??
    readPostgres(text, near) ??
    (text.startsWith('#') ? readSlowQuery(text, near) : undefined) ??
    readPairs(text) ??
    readForm(text, near, depth) ??
    withWork({ level: levelInMessage(text), message: text, fields: {} })
  );
}

function readPostgres(text: string, near: number | undefined): ReadText | undefined {
  const line = readPostgresText(text, near) ?? (text.includes(',') ? readPostgresCsv(text, near) : undefined);
  return line === undefined ? undefined : withWork({ ...line, fields: { format: 'postgres', ...line.fields } });
}

/** Forms of programs and libraries, whose lines name no software of their own. */
const plainForms = new Set(['timed', 'log4j', 'logback']);

function readForm(text: string, near: number | undefined, depth: number): ReadText | undefined {
  const newline = text.indexOf('\n');
  const first = newline < 0 ? text : text.slice(0, newline);
  const rest = newline < 0 ? '' : text.slice(newline);
  for (const form of lineForms) {
    const match = form.read(first, near);
    if (match === undefined) continue;
    const { message = '', request = '', tail = '', pri, ...fields } = match.fields;
    const at = match.at === undefined ? {} : { at: match.at };
    if (form.envelope === true && depth < 2) {
      const inner = read(message.trim() + rest, near, depth + 1);
      const level = inner.level === 'unknown' && pri !== undefined ? levelOfSeverity(Number(pri)) : inner.level;
      return { ...at, ...inner, level, fields: { ...named(fields), ...inner.fields } };
    }
    if (form.access === true) return accessLine({ ...at, form: form.name, fields, request, tail });
    const { said, more } = partsOf(form.name, message);
    const body = said + rest;
    const format = plainForms.has(form.name) ? {} : { format: form.name };
    return withWork({
      ...at,
      level: match.level ?? levelInMessage(body),
      message: body,
      fields: { ...format, ...fields, ...more },
    });
  }
  return undefined;
}

/** What some writers put behind the message proper: klog its pairs, nginx who asked and who was asked. */
function partsOf(form: string, message: string): { said: string; more: Record<string, unknown> } {
  if (form === 'klog' && message.startsWith('"')) {
    const { pairs, rest } = readLogfmt(message.replace('"', 'msg="'));
    const { msg = '', ...more } = pairs;
    return { said: [msg, ...rest, ...(more['err'] === undefined ? [] : [more['err']])].join(' '), more };
  }
  const cut = form === 'nginx' ? message.indexOf(', client: ') : -1;
  if (cut < 0) return { said: message, more: {} };
  const members: Record<string, string> = {};
  for (const part of message.slice(cut + 2).split(', ', 12)) {
    const colon = part.indexOf(': ');
    if (colon > 0) members[part.slice(0, colon)] = part.slice(colon + 2).replaceAll('"', '');
  }
  const { client, request = '', upstream } = members;
  const asked = hostOf(upstream);
  return {
    said: message.slice(0, cut),
    more: {
      ...(client === undefined ? {} : { clientAddr: client }),
      ...requestOf(request),
      ...(asked === undefined ? {} : { upstream: asked }),
    },
  };
}

/** The parts of an envelope that tell of the writer. */
function named({ ident, host }: Readonly<Record<string, string>>): Record<string, string> {
  return { ...(ident === undefined ? {} : { ident }), ...(host === undefined ? {} : { host }) };
}

function accessLine(line: {
  at?: number;
  form: string;
  fields: Record<string, string>;
  request: string;
  tail: string;
}): ReadText {
  const { at, form, fields, request, tail } = line;
  const { timers, backend, agent: _agent, referer: _referer, ...kept } = fields;
  const facts: LineFacts = {
    ...requestOf(quotedPart(request)),
    ...lineFactsOf(kept),
    ...(tail === '' ? {} : tailFactsOf(tail)),
  };
  const ms = timers === undefined ? undefined : Number(timers.slice(timers.lastIndexOf('/') + 1).replace('+', ''));
  if (ms !== undefined && Number.isFinite(ms)) facts.durationMs = ms;
  if (backend !== undefined && !backend.startsWith('<')) facts.upstream = backend;
  const client = fields['clientAddr'];
  const said = [facts.method ?? '-', facts.path ?? '-', facts.status ?? '-'].join(' ');
  return {
    ...(at === undefined ? {} : { at }),
    level: levelOfStatus(facts.status),
    message: facts.upstream === undefined ? said : `${said} from ${facts.upstream}`,
    fields: {
      format: form,
      ...(client === undefined ? {} : { clientAddr: client }),
      ...(fields['server'] === undefined ? {} : { upstreamServer: fields['server'] }),
      ...facts,
    },
    isAccess: true,
  };
}

/** HAProxy prints captured headers in braces before the request. */
function quotedPart(request: string): string {
  const quote = request.indexOf('"');
  return quote < 0 ? request : request.slice(quote + 1);
}

function levelOfStatus(status: number | undefined): LogLevel {
  return status !== undefined && status >= 500 ? 'error' : 'info';
}

function readJson(text: string, near: number | undefined, depth: number): ReadText | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return undefined;
  const members: Record<string, unknown> = { ...parsed };
  // What a container printed, in the runtime's envelope.
  if (typeof members['log'] === 'string' && typeof members['stream'] === 'string' && depth < 2) {
    const outer = readLogFields(members);
    const inner = read(members['log'].trim(), outer.at ?? near, depth + 1);
    return { ...(outer.at === undefined ? {} : { at: outer.at }), ...inner };
  }
  return readLogMembers(members);
}

/** Reads a structured line that was parsed already: as `readLogFields` does, with the level of a served request where it states none. */
export function readLogMembers(members: Record<string, unknown>): ReadText {
  const line = readLogFields(members);
  const facts = lineFactsOf(members);
  const isAccess = facts.status !== undefined && facts.method !== undefined;
  const level = line.level === 'unknown' && isAccess ? levelOfStatus(facts.status) : line.level;
  if (Object.keys(line.fields).length === 0 && isAccess) {
    const said = `${facts.method} ${facts.path ?? '-'} ${facts.status}`;
    const message = facts.upstream === undefined ? said : `${said} from ${facts.upstream}`;
    return { ...line, level, message, fields: members, isAccess };
  }
  const format = formatOf(members);
  const fields = format === undefined ? line.fields : { format, ...line.fields };
  return { ...line, level, fields, ...(isAccess ? { isAccess } : {}) };
}

/** Servers whose structured logs are known by their members. */
function formatOf(members: Readonly<Record<string, unknown>>): string | undefined {
  if ('error_severity' in members) return 'postgres';
  return 's' in members && 'ctx' in members && 'c' in members ? 'mongodb' : undefined;
}

/** A line of pairs that says a level, a message or a request. */
function readPairs(text: string): ReadText | undefined {
  const equals = text.indexOf('=');
  if (equals < 1 || equals > 40 || text.slice(0, equals).includes(' ')) return undefined;
  const { pairs, rest } = readLogfmt(text);
  const names = Object.keys(pairs);
  if (names.length < 3 || rest.length > names.length) return undefined;
  const line = readLogFields(pairs);
  // Heroku's router says `at=error`.
  const level = line.level === 'unknown' ? (levelOf(pairs['at']) ?? line.level) : line.level;
  if (level === 'unknown' && line.at === undefined) return undefined;
  const said =
    Object.keys(line.fields).length > 0 ? line.message : (pairs['desc'] ?? pairs['err'] ?? pairs['error'] ?? text);
  const facts = lineFactsOf(pairs);
  const fields = Object.keys(line.fields).length > 0 ? line.fields : pairs;
  return {
    ...line,
    level,
    message: said,
    fields: { ...fields, ...facts },
    ...(facts.status !== undefined && facts.method !== undefined ? { isAccess: true } : {}),
  };
}

/** The slow query log of MySQL and MariaDB: comment lines with figures, then the statement. */
function readSlowQuery(text: string, near: number | undefined): ReadText | undefined {
  const at = text.indexOf('Query_time:');
  if (at < 0) return undefined;
  const figures = new Map<string, string>();
  const statement: string[] = [];
  let time: number | undefined;
  for (const line of text.split('\n', 200)) {
    if (!line.startsWith('#')) {
      const stamp = line.startsWith('SET timestamp=') ? Number(line.slice(14).replace(';', '')) : undefined;
      if (stamp !== undefined) time ??= stamp * 1_000;
      else if (!line.startsWith('use ')) statement.push(line);
      continue;
    }
    const words = line.slice(1).trim().split(/\s+/, 40);
    for (const [index, word] of words.entries())
      if (word.endsWith(':')) figures.set(word.slice(0, -1), words[index + 1] ?? '');
    if (line.startsWith('# Time: '))
      time = lineForms.find(({ name }) => name === 'timed')?.read(`${line.slice(8)} [note] x`, near)?.at;
  }
  const seconds = Number(figures.get('Query_time'));
  const said = statement.join(' ').trim();
  return {
    ...(time === undefined ? {} : { at: time }),
    level: 'info',
    message: `slow query: ${said}`,
    fields: {
      format: 'mysql',
      ...(Number.isFinite(seconds) ? { durationMs: seconds * 1_000 } : {}),
      ...(said === '' ? {} : { statement: said.slice(0, 2_000) }),
      ...(figures.has('Rows_examined') ? { rowsExamined: Number(figures.get('Rows_examined')) } : {}),
      ...(figures.has('Lock_time') ? { lockMs: Number(figures.get('Lock_time')) * 1_000 } : {}),
    },
  };
}

/** Adds what the message says of work and failure. */
function withWork(line: ReadLogLine): ReadLogLine {
  const durationMs = durationInText(line.message);
  const failure = failureOf(line.message);
  return {
    ...line,
    fields: {
      ...line.fields,
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(failure === undefined
        ? {}
        : { exception: failure.exception, ...(failure.frames.length === 0 ? {} : { frames: failure.frames }) }),
    },
  };
}

/** What heads a crash says as much as a level would, and more than the levels that it quotes. */
function levelInMessage(text: string): LogLevel {
  const exception = exceptionOf(text.split('\n', 1)[0] ?? '');
  if (exception === 'panic') return 'fatal';
  if (exception !== undefined) return exception.endsWith('Warning') ? 'warn' : 'error';
  return text.startsWith('Traceback (most recent call last)') ? 'error' : levelInText(text);
}

/** Without the escape sequences that colour a terminal. */
function withoutColours(text: string): string {
  if (!text.includes('\u001B[')) return text;
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('\u001B['); at >= 0; at = text.indexOf('\u001B[', from)) {
    parts.push(text.slice(from, at));
    let end = at + 2;
    while (end < text.length && end < at + 20 && (text.charCodeAt(end) < 64 || text.charCodeAt(end) > 126)) end += 1;
    from = end + 1;
  }
  return parts.join('') + text.slice(from);
}
