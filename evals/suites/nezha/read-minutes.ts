import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { entityIdOf } from '../../../domain/entity.ts';
import type { LogLevel, LogRecord, Span } from '../../../domain/signal.ts';
import { parseRecords } from '../parse-csv.ts';

/** A file that holds what came in during the minute before the time in its name. */
export interface Minute {
  path: string;
  endMs: number;
}

/** The files `HH_MM_<kind>.csv.gz` of a day's folder, oldest first; those of other folders of the day joined in. */
export function listMinutes(folders: readonly string[], day: string, kind: 'trace' | 'log'): Minute[] {
  return folders
    .flatMap((folder) => {
      const dir = join(folder, day, kind);
      if (!existsSync(dir)) return [];
      return readdirSync(dir).flatMap((name): Minute[] => {
        const time = new RegExp(`^(\\d\\d)_(\\d\\d)_${kind}\\.csv(\\.gz)?$`).exec(name);
        return time === null ? [] : [{ path: join(dir, name), endMs: Date.parse(`${day}T${time[1]}:${time[2]}:30Z`) }];
      });
    })
    .sort((left, right) => left.endMs - right.endMs || (left.path < right.path ? -1 : 1));
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** The entity of a pod. */
export function podOf(name: string): string {
  return entityIdOf('pod', name);
}

/** The traces of a minute, each by start. A span whose parent ran in another pod was served; one whose child did, called. */
export function readTraces({ path }: Minute): Span[][] {
  const traces = new Map<string, Span[]>();
  for (const row of parseRecords(textOf(path))) {
    const parent = row['ParentID'] ?? '';
    const startMs = Number(row['StartTimeUnixNano']) / 1e6;
    const span: Span = {
      traceId: row['TraceID'] ?? '',
      spanId: row['SpanID'] ?? '',
      ...(parent === 'root' || parent === '' ? {} : { parentId: parent }),
      entity: podOf(row['PodName'] ?? ''),
      name: row['OperationName'] ?? '',
      kind: 'internal',
      startMs,
      durationMs: Math.max(0, Number(row['EndTimeUnixNano']) / 1e6 - startMs),
      status: 'unset',
      attributes: {},
    };
    if (!Number.isFinite(span.startMs) || !Number.isFinite(span.durationMs)) continue;
    const trace = traces.get(span.traceId);
    if (trace === undefined) traces.set(span.traceId, [span]);
    else trace.push(span);
  }
  for (const trace of traces.values()) nameKinds(trace.sort((left, right) => left.startMs - right.startMs));
  return [...traces.values()].sort((left, right) => left[0]!.startMs - right[0]!.startMs);
}

function nameKinds(trace: Span[]): void {
  const byId = new Map(trace.map((span) => [span.spanId, span]));
  for (const span of trace) {
    const parent = span.parentId === undefined ? undefined : byId.get(span.parentId);
    if (parent === undefined) {
      if (span.parentId === undefined) span.kind = 'server';
    } else if (parent.entity !== span.entity) {
      span.kind = 'server';
      if (parent.kind === 'internal') parent.kind = 'client';
    }
  }
}

const levelWords: readonly (readonly [RegExp, LogLevel])[] = [
  [/\b(FATAL|PANIC)\b|"severity":\s*"(fatal|critical|CRITICAL)"/, 'fatal'],
  [/\bERROR\b|"severity":\s*"error"|level=error/, 'error'],
  [/\bWARN(ING)?\b|"severity":\s*"warn(ing)?"|level=warn/, 'warn'],
  [/\b(INFO)\b|"severity":\s*"info"|level=info/, 'info'],
  [/\bDEBUG\b|"severity":\s*"debug"/, 'debug'],
];

/** The log lines of a minute, of every level, in order of time to the nanosecond. */
export function readLogs({ path }: Minute): LogRecord[] {
  const records: { order: bigint; record: LogRecord }[] = [];
  for (const row of parseRecords(textOf(path))) {
    const text = innerText(row['Log'] ?? '');
    const level = levelWords.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown';
    const at = row['Timestamp'] ?? '';
    const order = /^\d{1,20}$/.test(row['TimeUnixNano'] ?? '') ? BigInt(row['TimeUnixNano']!) : undefined;
    if (!Number.isFinite(Date.parse(at))) continue;
    records.push({
      order: order ?? BigInt(Date.parse(at)) * 1_000_000n,
      record: {
        at: new Date(Date.parse(at)).toISOString(),
        entity: podOf(row['PodName'] ?? ''),
        level,
        message: text
          .replace(/^\d\d:\d\d:\d\d\.\d+\s+/, '')
          .replace(/\s*TraceID: \w* SpanID: \w*/, '')
          .slice(0, 600),
        ...(row['TraceID'] === undefined || row['TraceID'] === '' ? {} : { traceId: row['TraceID'] }),
      },
    });
  }
  return records
    .sort((left, right) => (left.order < right.order ? -1 : left.order > right.order ? 1 : 0))
    .map(({ record }) => record);
}

/** The program's own text within what the container runtime wrapped around it. */
function innerText(log: string): string {
  try {
    const parsed: unknown = JSON.parse(log);
    if (parsed !== null && typeof parsed === 'object' && 'log' in parsed && typeof parsed.log === 'string')
      return parsed.log.trim();
  } catch {
    return log.trim();
  }
  return log.trim();
}
