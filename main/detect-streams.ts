import { writeFileSync } from 'node:fs';
import { validateTable } from '../detection/lifecycle/validation/validate-table.ts';
import { dataSchema } from '../detection/lifecycle/validation/data-schema.ts';
import { renderReport } from '../detection/lifecycle/validation/render-report.ts';
import type { ValidationReport } from '../detection/lifecycle/validation/validate-table.ts';
import type { TelemetryTable } from '../detection/lifecycle/ingest/telemetry-table.ts';
import { scoreStream } from '../detection/models/streams/score-stream.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { isoOf } from '../infra/runtime/clock.ts';
import { openStageBar } from './stage-progress.ts';

/** A stretch in which one column of one entity is abnormal against all before it. */
interface StreamStretch {
  entity: string;
  column: string;
  from: string;
  to: string;
  score: number;
  value: number;
  usual: number;
  because: string[];
}

/** What the default ensemble finds in a table that no model was trained for. */
interface StreamsFound {
  report: ValidationReport;
  found: StreamStretch[];
  /** All scores, for a file: one line a sample and column. */
  lines: string[];
}

/**
 * Scores each number column of each entity as a stream by the default ensemble, point by point, as the standing watch does; a stretch is told from
 * `threshold` on. `onColumn` hears how far it is. About 6 microseconds a value. Throws INPUT_INVALID where no row could be used.
 */
function detectStreams(
  table: TelemetryTable,
  threshold: number,
  onColumn: (progress: { column: string; share: number }) => void = () => undefined,
): StreamsFound {
  const { frames, report } = validateTable(table, dataSchema.parse({}), {});
  if (report.kept === 0)
    throw new CerebroError(
      'INPUT_INVALID',
      `${table.source}: none of ${report.rows} rows could be used.\n${renderReport(report)}`,
    );
  const found: StreamStretch[] = [];
  const lines: string[] = [];
  const all = frames.reduce((sum, frame) => sum + frame.names.length, 0);
  let done = 0;
  for (const frame of frames) {
    for (const [index, column] of frame.names.entries()) {
      onColumn({ column, share: done / Math.max(1, all) });
      done += 1;
      const values = frame.columns[index]!;
      const samples = Array.from(frame.times, (at, row): [number, number] => [at, values[row]!]);
      const { scores, alarms } = scoreStream(samples, { relevant: () => true, threshold });
      for (const [at, score] of scores) lines.push(`${isoOf(at)},${frame.entity},${column},${score}`);
      for (const { from, to, score, value, usual, because } of alarms)
        found.push({
          entity: frame.entity,
          column,
          from: isoOf(from),
          to: isoOf(to),
          score,
          value,
          usual,
          because: because.map(({ feature }) => feature).slice(0, 3),
        });
    }
  }
  return { report, found: found.toSorted((left, right) => (left.from < right.from ? -1 : 1)), lines };
}

/** Scores a table that no model takes column by column, with a bar, and prints what it finds; `out`: a file for all scores. Throws as `detectStreams`. */
export function runStreams(table: TelemetryTable, threshold: number, options: { out?: string; json?: boolean }): void {
  const bar = openStageBar(1);
  let found: StreamsFound;
  try {
    found = detectStreams(table, threshold, ({ column, share }) =>
      bar.show({ stage: `scoring ${column}`, state: 'running', share }),
    );
  } finally {
    bar.stop();
  }
  if (options.out !== undefined)
    writeFileSync(options.out, `timestamp,entity,column,score\n${found.lines.map((line) => `${line}\n`).join('')}`);
  if (options.json !== true) {
    printStreams(found);
    return;
  }
  const { report, found: stretches } = found;
  process.stdout.write(
    `${JSON.stringify({ model: 'default ensemble', threshold, data: report, found: stretches }, undefined, 2)}\n`,
  );
}

/** The stretches for a terminal, and the report on the data on stderr. */
function printStreams({ report, found }: StreamsFound): void {
  process.stderr.write(renderReport(report));
  const head =
    found.length === 0
      ? 'nothing abnormal'
      : `${found.length} abnormal ${found.length === 1 ? 'stretch' : 'stretches'}`;
  process.stdout.write(
    `default ensemble (no trained model takes these columns; \`cerebro train\` makes one): ${head} in ${report.kept} rows\n`,
  );
  for (const one of found)
    process.stdout.write(
      `  ${one.entity} ${one.column}  ${one.from} to ${one.to}  ${short(one.value)} where ${short(one.usual)} is usual  1 in ${odds(one.score)}  because of ${one.because.join(', ')}\n`,
    );
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A score as odds: .999 is 1,000. */
export function odds(score: number): string {
  return Number((1 / Math.max(1e-12, 1 - score)).toPrecision(2)).toLocaleString('en');
}
