import type { LogRecord } from '../../domain/signal.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import { readLogFields } from '../../detection/evidence/logs/formats/json-fields.ts';
import { levelRank } from '../../detection/evidence/logs/formats/log-level.ts';
import { readLogMembers, readLogText } from '../../detection/evidence/logs/formats/read-log-text.ts';
import type { LogRequest } from './source.ts';

/** Makes a record of a line that a log store gave with its own time; JSON lines and text of known forms are taken apart, other text is kept. */
export function readStoredLine(
  line: string,
  atMs: number,
  entity: string,
  known: Record<string, unknown> = {},
): LogRecord {
  const parsed = parseObject(line);
  const told = readLogFields({ ...known, message: line });
  const text = parsed === undefined ? readLogText(line, atMs) : readLogMembers({ ...known, ...parsed });
  const level = told.level !== 'unknown' && parsed === undefined ? told.level : text.level;
  const fields = parsed === undefined ? { ...told.fields, ...text.fields } : text.fields;
  const traceId = text.traceId ?? told.traceId;
  return {
    at: isoOf(atMs),
    entity,
    level,
    message: text.message,
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** Whether a record is within the window and at least of the level asked for; what a back end's own language cannot say exactly. */
export function fitsLogRequest(record: LogRecord, request: LogRequest): boolean {
  const ms = msOf(record.at);
  if (ms < msOf(request.window.from) || ms >= msOf(request.window.to)) return false;
  return request.minLevel === undefined || levelRank[record.level] >= levelRank[request.minLevel];
}

/** How many records to ask for at a time: no more than can be wanted, where the back end does all the filtering. */
export function pageSizeOf(request: LogRequest): number {
  return request.minLevel === undefined ? Math.max(2, Math.min(1_000, request.limit + 1)) : 1_000;
}

/** The words of a text filter. */
export function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- text that starts with a brace parses to an object
    return parsed as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
