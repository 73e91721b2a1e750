import { existsSync, readFileSync } from 'node:fs';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Series } from '../../../domain/signal.ts';
import { parseRecords } from '../parse-csv.ts';

/** A measure of a column `<name>-<measure>` as a series: its name in the product's conventions and its value in base units. */
const measures: Readonly<
  Record<string, { metric: string; labels?: Record<string, string>; of: (value: number) => number }>
> = {
  cpu: { metric: 'container_cpu_usage_cores', of: (value) => value },
  mem: { metric: 'container_memory_working_set_bytes', of: (value) => value },
  cpu_cfs: { metric: 'container_cpu_cfs_throttled_ratio', of: (value) => value },
  success_rate: { metric: 'http_server_error_ratio', of: (value) => 1 - value },
  p50latency: { metric: 'http_server_duration_seconds', labels: { quantile: '0.5' }, of: (value) => value / 1000 },
  p90latency: { metric: 'http_server_duration_seconds', labels: { quantile: '0.95' }, of: (value) => value / 1000 },
  p95latency: { metric: 'http_server_duration_seconds', labels: { quantile: '0.95' }, of: (value) => value / 1000 },
};

/** The metrics that were recorded with a case: a table by time, one column for each service and measure; none where there is no file. */
export function readMetrics(path: string, offset: string): Series[] {
  if (!existsSync(path)) return [];
  const rows = [...parseRecords(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))];
  const times = rows.map((row) => Date.parse(`${(row['time'] ?? '').replace(' ', 'T')}${offset}`));
  return Object.keys(rows[0] ?? {}).flatMap((column): Series[] => {
    const at = column.lastIndexOf('-');
    const measure = measures[column.slice(at + 1)];
    if (at < 0 || measure === undefined) return [];
    // Machines have no requests; their columns end with the same words.
    const name = column.slice(0, at);
    const isMachine = !Object.hasOwn(rows[0] ?? {}, `${name}-rps`);
    const samples = rows.flatMap((row, index): [number, number][] => {
      const text = row[column] ?? '';
      const [time, value] = [times[index] ?? Number.NaN, measure.of(Number(text))];
      return text === '' || !Number.isFinite(value) || !Number.isFinite(time) ? [] : [[time, value]];
    });
    if (samples.length === 0) return [];
    return [
      {
        metric: isMachine ? measure.metric.replace(/^container_/, 'node_') : measure.metric,
        type: 'gauge',
        entity: entityIdOf(isMachine ? 'node' : 'service', name),
        labels: measure.labels ?? {},
        samples,
      },
    ];
  });
}
