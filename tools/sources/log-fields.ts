import type { LogLevel } from '../../domain/signal.ts';

/** What a structured log line says, with the well-known members taken out of `fields`. */
export interface ReadLogLine {
  /** Milliseconds since the epoch; absent when no member was a credible time. */
  at?: number;
  level: LogLevel;
  message: string;
  fields: Record<string, unknown>;
  traceId?: string;
}

const timeNames = ['time', 'timestamp', '@timestamp', 'ts', 'at', 'datetime', 'date', 't'];
const levelNames = ['level', 'severity', 'lvl', 'levelname', 'loglevel', 'log.level', 'severity_text', 'severityText'];
const messageNames = ['msg', 'message', 'event', 'body', 'log', 'text'];
const traceNames = ['trace_id', 'traceId', 'traceID', 'trace.id', 'traceid'];

/** Reads a parsed JSON log line by the usual names of members (pino, bunyan, zap, logback, ECS, OpenTelemetry). */
export function readLogFields(line: Record<string, unknown>): ReadLogLine {
  const fields = { ...line };
  const take = <T>(names: readonly string[], read: (value: unknown) => T | undefined): T | undefined => {
    for (const name of names) {
      const value = Object.hasOwn(fields, name) ? read(fields[name]) : undefined;
      if (value === undefined) continue;
      delete fields[name];
      return value;
    }
    return undefined;
  };
  const at = take(timeNames, timeOf);
  const level = take(levelNames, levelOf) ?? 'unknown';
  const message = take(messageNames, (value) => (typeof value === 'string' ? value : undefined));
  const traceId = take(traceNames, (value) => (typeof value === 'string' && value !== '' ? value : undefined));
  return {
    ...(at === undefined ? {} : { at }),
    level,
    message: message ?? JSON.stringify(fields),
    fields: message === undefined ? {} : fields,
    ...(traceId === undefined ? {} : { traceId }),
  };
}

const earliest = Date.UTC(1990, 0);
const latest = Date.UTC(2200, 0);

/** A time given as ISO 8601 or as a number of seconds, milliseconds, microseconds or nanoseconds, told apart by size. */
export function timeOf(value: unknown): number | undefined {
  let ms = Number.NaN;
  if (typeof value === 'string') {
    ms = /^\d+(?:\.\d+)?$/.test(value)
      ? scaled(Number(value))
      : Date.parse(value.replace(/^(\d{4}-\d\d-\d\d) /, '$1T').replace(/,(\d{3})/, '.$1'));
  } else if (typeof value === 'number') ms = scaled(value);
  return ms >= earliest && ms < latest ? ms : undefined;
}

function scaled(value: number): number {
  if (value > 1e17) return value / 1e6;
  if (value > 1e14) return value / 1e3;
  return value > 1e11 ? value : value * 1e3;
}

const words: readonly (readonly [RegExp, LogLevel])[] = [
  [/^(?:trace|trc|finest|verbose)/i, 'trace'],
  [/^(?:debug|dbg|fine)/i, 'debug'],
  [/^(?:info|inf|notice|log|normal)/i, 'info'],
  [/^(?:warn|wrn)/i, 'warn'],
  [/^(?:error|err|severe)/i, 'error'],
  [/^(?:fatal|crit|emerg|alert|panic|ftl|dpanic)/i, 'fatal'],
];

/** A level by its word or by the numbers of pino and bunyan (10 to 60). */
export function levelOf(value: unknown): LogLevel | undefined {
  if (typeof value === 'number') {
    if (value < 10) return undefined;
    const numbers: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
    return numbers[Math.min(6, Math.floor(value / 10)) - 1];
  }
  return typeof value === 'string' ? words.find(([pattern]) => pattern.test(value))?.[1] : undefined;
}

/** Order of levels, lowest first; `unknown` counts as `info`. */
export const levelRank: Readonly<Record<LogLevel, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  unknown: 2,
  warn: 3,
  error: 4,
  fatal: 5,
};

/** The level that a line of plain text names near its start, else `unknown`. */
export function levelInText(text: string): LogLevel {
  const match = /\b(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|PANIC)\b/i.exec(text.slice(0, 80));
  return (match === null ? undefined : levelOf(match[1])) ?? 'unknown';
}
