import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { ColumnRoles } from './column-roles.ts';
import { countLogs } from './count-logs.ts';
import { parseLogLine } from './parse-log-line.ts';
import { readCloudWatchLogs, readCloudWatchMetrics } from './read-cloudwatch.ts';
import { readFiles } from './read-files.ts';
import { readOtlp } from './read-otlp.ts';
import type { TelemetryTable } from './telemetry-table.ts';

/** Steps that series from JSON and logs are put on unless told. */
const minute = 60_000;

/**
 * Reads telemetry by what its name says: `.json`, `.jsonl`, `.ndjson` are OTLP metrics or exports of CloudWatch metrics or logs (told by their
 * content); `.log` are log lines, counted; everything else is CSV or Parquet, a file or a folder. Throws INPUT_INVALID and NOT_FOUND.
 */
export async function readTelemetry(
  path: string,
  roles: Partial<ColumnRoles> = {},
  stepMs = minute,
): Promise<TelemetryTable> {
  const source = basename(path);
  if (/\.(json|jsonl|ndjson)$/i.test(path)) {
    const text = readFileSync(path, 'utf8');
    if (text.includes('resourceMetrics')) return readOtlp(text, source, stepMs);
    if (/"events"\s*:/.test(text.slice(0, 4_096)))
      return countLogs(readCloudWatchLogs(text, source), source, stepMs).table;
    return readCloudWatchMetrics(text, source, stepMs);
  }
  if (!/\.log$/i.test(path)) return readFiles(path, roles);
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const { table, left } = countLogs(
    lines.map((line) => parseLogLine(line, { source })),
    source,
    stepMs,
  );
  if (table.at.length === 0) throw new CerebroError('INPUT_INVALID', `No line of ${source} says a time.`);
  const fault = { row: -1, text: '', reason: `${left} lines say no time` };
  return left === 0 ? table : { ...table, faults: [...table.faults, fault] };
}
