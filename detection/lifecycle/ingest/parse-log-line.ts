import { epochMs, parseTime } from './parse-time.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'unknown';

/** A log line taken apart. `at` is NaN where the line says no time and none was given. */
export interface LogRecord {
  at: number;
  level: LogLevel;
  source: string;
  message: string;
  fields: Readonly<Record<string, string>>;
}

const levels: readonly (readonly [LogLevel, RegExp])[] = [
  ['error', /^(e|err|error|severe|fatal|f|crit|critical|alert|emerg|emergency|panic|dpanic)$/i],
  ['warning', /^(w|warn|warning)$/i],
  ['info', /^(i|info|information|notice|log)$/i],
  ['debug', /^(d|debug|trace|verbose|fine|finer|finest|v)$/i],
];
const timeKeys = ['timestamp', 'time', 'ts', '@timestamp', 'datetime', 't', 'eventTime'];
const levelKeys = ['level', 'severity', 'lvl', 'loglevel', 'log.level', 'severityText', '@level'];
const messageKeys = ['message', 'msg', 'log', 'body', '@message', 'event', 'text'];
const sourceKeys = ['logger', 'service', 'source', 'component', 'app', 'name', 'container', 'module'];

const iso = String.raw`\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|\s?[+-]\d{2}:?\d{2})?`;
const word = 'TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|SEVERE|FATAL|CRIT(?:ICAL)?|PANIC|ALERT|EMERG';
const rfc5424 = /^<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) (-|(?:\[.*?\])+) ?(.*)$/s;
const rfc3164 = /^<(\d{1,3})>([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}) (\S+) ([^:[\s]+)(?:\[(\d+)\])?: ?(.*)$/s;
const klog = /^([IWEF])(\d{2})(\d{2}) (\d{2}:\d{2}:\d{2}\.\d+)\s+(\d+) ([^\]]+)\] (.*)$/s;
const access =
  /^(\S+) \S+ (\S+) \[(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})\] "(\S+) (\S+)[^"]*" (\d{3}) (\d+|-)/;
const plain = new RegExp(
  String.raw`^\[?(${iso})\]?[\s|:-]*(?:\[(?!(?:${word})\])[^\]]*\]\s*)?\[?(${word})?\]?[\s|:-]*(?:\[([^\]]*)\]\s*)?(?:([A-Za-z][\w.$/-]*)(?:\s+-|:)\s+)?(.*)$`,
  'is',
);
const anyLevel = new RegExp(String.raw`(?:^|[\s[])(${word})(?:$|[\s:\]])`);
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const mostFields = 64;

/**
 * Takes a log line apart: JSON objects, logfmt, syslog (RFC 5424 and 3164), Kubernetes' klog, access logs of web servers in the common format,
 * and `time level [thread] logger - message` in its usual orders. A line of no known form is all message. `given` fills what the line does
 * not say; formats without a year take that of `given.at`. Never throws. Cost: a few regular expressions without backtracking traps on 8 KB.
 */
export function parseLogLine(text: string, given: { at?: number; source?: string } = {}): LogRecord {
  const line = text.slice(0, 8_192).trimEnd();
  const base = { at: given.at ?? NaN, source: given.source ?? '' };
  return (
    fromJson(line, base) ??
    fromSyslog(line, base) ??
    fromKlog(line, base) ??
    fromAccess(line, base) ??
    fromLogfmt(line, base) ??
    fromPlain(line, base)
  );
}

type Base = Pick<LogRecord, 'at' | 'source'>;

/** The level that a word or a number (pino's tens, syslog's 0 to 7 are told apart by the reader) stands for. */
export function levelOf(word: string): LogLevel {
  const found = levels.find(([, pattern]) => pattern.test(word));
  if (found !== undefined) return found[0];
  const tens = /^[1-6]0$/.test(word) ? Number(word) : NaN;
  if (Number.isNaN(tens)) return 'unknown';
  return tens >= 50 ? 'error' : tens === 40 ? 'warning' : tens === 30 ? 'info' : 'debug';
}

function fromJson(line: string, base: Base): LogRecord | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null ? fromFields(flatten(json), base) : undefined;
  } catch {
    return undefined;
  }
}

function fromLogfmt(line: string, base: Base): LogRecord | undefined {
  const pairs = [...line.matchAll(/(?:^|\s)([A-Za-z_@][\w.@-]*)=("(?:[^"\\]|\\.)*"|\S*)/g)];
  // One pair within a sentence is no logfmt.
  if (pairs.length < 2 || pairs[0]!.index !== 0) return undefined;
  const fields = Object.fromEntries(
    pairs
      .slice(0, mostFields)
      .map(([, key, value]) => [key!, value!.replace(/^"(.*)"$/s, '$1').replaceAll('\\"', '"')]),
  );
  return messageKeys.some((key) => key in fields) || levelKeys.some((key) => key in fields)
    ? fromFields(fields, base)
    : undefined;
}

function fromFields(fields: Readonly<Record<string, string>>, base: Base): LogRecord {
  const rest = { ...fields };
  const take = (keys: readonly string[]): string | undefined => {
    const key = keys.find((one) => rest[one] !== undefined && rest[one] !== '');
    const value = key === undefined ? undefined : rest[key];
    if (key !== undefined) delete rest[key];
    return value;
  };
  const written = take(timeKeys);
  const at = written === undefined ? NaN : parseTime(written);
  const level = levelOf(take(levelKeys) ?? '');
  const message = take(messageKeys) ?? '';
  return { at: Number.isNaN(at) ? base.at : at, level, message, source: take(sourceKeys) ?? base.source, fields: rest };
}

function fromSyslog(line: string, base: Base): LogRecord | undefined {
  const severity = (priority: string): LogLevel =>
    (['error', 'error', 'error', 'error', 'warning', 'info', 'info', 'debug'] as const)[Number(priority) % 8]!;
  const modern = rfc5424.exec(line);
  if (modern !== null) {
    const [, priority, time, host, app, process, id, data, message] = modern;
    const at = parseTime(time!);
    const fields = { host: host!, process: process!, id: id!, ...(data === '-' ? {} : { data: data! }) };
    return {
      at: Number.isNaN(at) ? base.at : at,
      level: severity(priority!),
      source: app === '-' ? base.source : app!,
      message: message!,
      fields,
    };
  }
  const old = rfc3164.exec(line);
  if (old === null) return undefined;
  const [, priority, time, host, app, process, message] = old;
  const month = String(months.indexOf(time!.slice(0, 3)) / 3 + 1).padStart(2, '0');
  const at = parseTime(`${yearOf(base)}-${month}-${time!.slice(4, 6).replace(' ', '0')}T${time!.slice(7)}`);
  return {
    at,
    level: severity(priority!),
    source: app!,
    message: message!,
    fields: { host: host!, ...(process === undefined ? {} : { process }) },
  };
}

function fromKlog(line: string, base: Base): LogRecord | undefined {
  const match = klog.exec(line);
  if (match === null) return undefined;
  const [, letter, month, day, time, thread, place, message] = match;
  return {
    at: parseTime(`${yearOf(base)}-${month}-${day}T${time}`),
    level: levelOf(letter!),
    source: base.source,
    message: message!,
    fields: { thread: thread!, place: place! },
  };
}

function fromAccess(line: string, base: Base): LogRecord | undefined {
  const match = access.exec(line);
  if (match === null) return undefined;
  const [, client, user, day, month, year, time, zone, method, path, status, bytes] = match;
  const number = String(months.indexOf(month!) / 3 + 1).padStart(2, '0');
  const code = Number(status);
  return {
    at: parseTime(`${year}-${number}-${day}T${time}${zone!.slice(0, 3)}:${zone!.slice(3)}`),
    level: code >= 500 ? 'error' : code >= 400 ? 'warning' : 'info',
    source: base.source,
    message: `${method} ${path} ${status}`,
    fields: { client: client!, user: user!, method: method!, path: path!, status: status!, bytes: bytes! },
  };
}

function fromPlain(line: string, base: Base): LogRecord {
  const match = plain.exec(line);
  if (match !== null) {
    const [, time, level, thread, logger, message] = match;
    const at = parseTime(time!.replaceAll('/', '-'));
    if (!Number.isNaN(at))
      return {
        at,
        level: level === undefined ? anyLevelOf(message!) : levelOf(level),
        source: logger ?? base.source,
        message: message!,
        fields: thread === undefined ? {} : { thread },
      };
  }
  return { ...base, level: anyLevelOf(line), message: line, fields: {} };
}

function anyLevelOf(text: string): LogLevel {
  const found = anyLevel.exec(text.slice(0, 200));
  return found === null ? 'unknown' : levelOf(found[1]!);
}

function yearOf({ at }: Base): string {
  return new Date(Number.isNaN(at) ? 0 : at).getUTCFullYear().toString();
}

function flatten(value: object, prefix = '', into: Record<string, string> = {}): Record<string, string> {
  for (const [key, inner] of Object.entries(value)) {
    if (Object.keys(into).length >= mostFields) break;
    if (typeof inner === 'string') into[prefix + key] = inner;
    else if (typeof inner === 'number' || typeof inner === 'boolean')
      into[prefix + key] = timeKeys.includes(key) && typeof inner === 'number' ? String(epochMs(inner)) : String(inner);
    else if (typeof inner === 'object' && inner !== null) flatten(inner, `${prefix}${key}.`, into);
  }
  return into;
}
