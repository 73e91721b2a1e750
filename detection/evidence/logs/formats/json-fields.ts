import type { LogLevel } from '../../../../domain/signal.ts';
import { levelOf, levelOfSeverity, levelOfSeverityNumber } from './log-level.ts';
import { timeOf } from './log-time.ts';

/** What a structured log line says, with the well-known members taken out of `fields`. */
export interface ReadLogLine {
  /** Milliseconds since the epoch; absent when no member was a credible time. */
  at?: number;
  level: LogLevel;
  message: string;
  fields: Record<string, unknown>;
  traceId?: string;
}

const timeNames = [
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  'at',
  'datetime',
  'date',
  't',
  '@t',
  'time_iso8601',
  'start_time',
  'asctime',
  'timeUnixNano',
  'observedTimeUnixNano',
  '__REALTIME_TIMESTAMP',
  'Timestamp',
  'eventTime',
];
const levelNames = [
  'level',
  'severity',
  'lvl',
  'levelname',
  'loglevel',
  'log.level',
  'severity_text',
  'severityText',
  'error_severity',
  '@l',
  's',
  'Level',
  'Severity',
  'LogLevel',
  'log_level',
];
const messageNames = [
  'msg',
  'message',
  'event',
  'body',
  'log',
  'text',
  '@m',
  '@mt',
  'MESSAGE',
  'Message',
  'RenderedMessage',
  'short_message',
];
const traceNames = [
  'trace_id',
  'traceId',
  'traceID',
  'trace.id',
  'traceid',
  'TraceId',
  'otelTraceID',
  'dd.trace_id',
  '@tr',
];

/** Reads a parsed JSON log line by the usual names of members (pino, bunyan, zap, logrus, logback, structlog, serilog, ECS, OpenTelemetry, journald, MongoDB, PostgreSQL). */
export function readLogFields(line: Record<string, unknown>): ReadLogLine {
  const fields = { ...line };
  const take = <T>(names: readonly string[], read: (value: unknown) => T | undefined): T | undefined => {
    for (const name of names) {
      const value = read(Object.hasOwn(fields, name) ? fields[name] : nested(fields, name));
      if (value === undefined) continue;
      delete fields[name];
      return value;
    }
    return undefined;
  };
  const at = take(timeNames, jsonTimeOf);
  const level =
    take(levelNames, levelOf) ??
    take(['PRIORITY', 'syslog_severity'], severityOf) ??
    take(['severityNumber', 'severity_number'], (value) =>
      typeof value === 'number' ? levelOfSeverityNumber(value) : undefined,
    ) ??
    (Object.hasOwn(line, '@t') && Object.hasOwn(line, '@mt') ? 'info' : 'unknown');
  const message = take(messageNames, messageOf);
  const traceId = take(traceNames, (value) => (typeof value === 'string' && value !== '' ? value : undefined));
  return {
    ...(at === undefined ? {} : { at }),
    level,
    message: message ?? JSON.stringify(fields),
    fields: message === undefined ? {} : fields,
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** `log.level` may be a member of its own or one of a member `log`. */
function nested(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  const dot = name.indexOf('.');
  const holder = dot < 0 ? undefined : fields[name.slice(0, dot)];
  return holder !== null && typeof holder === 'object'
    ? new Map(Object.entries(holder)).get(name.slice(dot + 1))
    : undefined;
}

/** MongoDB writes `{"$date": ...}`. */
function jsonTimeOf(value: unknown): number | undefined {
  const ms = timeOf(value !== null && typeof value === 'object' && '$date' in value ? value.$date : value);
  return ms === undefined ? undefined : Math.floor(ms);
}

/** OpenTelemetry writes `{"stringValue": ...}`. */
function messageOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const held = value !== null && typeof value === 'object' && 'stringValue' in value ? value.stringValue : undefined;
  return typeof held === 'string' ? held : undefined;
}

function severityOf(value: unknown): LogLevel | undefined {
  const severity = Number(value);
  return (typeof value === 'string' || typeof value === 'number') && value !== '' && severity >= 0 && severity <= 7
    ? levelOfSeverity(severity)
    : undefined;
}
