import type { LogRecord } from './parse-log-line.ts';
import { type NamedSeries, tableOfSeries } from './series-table.ts';
import type { TelemetryTable } from './telemetry-table.ts';

/**
 * Log lines as series: `lines`, `errors` and `warnings` a step of each source, 0 where a source was silent between its first and last line.
 * Lines without a time are left out; `left` says how many.
 */
export function countLogs(
  records: readonly LogRecord[],
  source: string,
  stepMs: number,
): { table: TelemetryTable; left: number } {
  const counts = new Map<string, Map<number, [number, number, number]>>();
  let left = 0;
  for (const { at, level, source: from } of records) {
    if (Number.isNaN(at)) {
      left += 1;
      continue;
    }
    const step = Math.floor(at / stepMs);
    const steps = counts.get(from) ?? new Map<number, [number, number, number]>();
    counts.set(from, steps);
    const count = steps.get(step) ?? [0, 0, 0];
    steps.set(step, count);
    count[0] += 1;
    if (level === 'error') count[1] += 1;
    if (level === 'warning') count[2] += 1;
  }
  const series = [...counts].flatMap(([entity, steps]): NamedSeries[] => {
    const known = [...steps.keys()].sort((one, other) => one - other);
    const all = Array.from({ length: known.at(-1)! - known[0]! + 1 }, (_, i) => known[0]! + i);
    return ['lines', 'errors', 'warnings'].map((name, place) => ({
      entity: entity === '' ? 'series' : entity,
      name,
      at: all.map((step) => step * stepMs),
      values: all.map((step) => steps.get(step)?.[place] ?? 0),
    }));
  });
  return { table: tableOfSeries(source, series, stepMs), left };
}
