import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edge, EntityId, Topology } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Series } from '../../../domain/signal.ts';
import { parseRecords } from '../parse-csv.ts';
import { podOf } from './read-minutes.ts';

const mebibyte = 1_048_576;

/** A column of a pod's metric file as a series: its name in the product's conventions, and the factor to base units. */
const columns: readonly { column: string; metric: string; labels: Record<string, string>; scale: number }[] = [
  { column: 'CpuUsage(m)', metric: 'container_cpu_usage_cores', labels: {}, scale: 0.001 },
  { column: 'CpuUsageRate(%)', metric: 'container_cpu_utilization_ratio', labels: {}, scale: 0.01 },
  { column: 'MemoryUsage(Mi)', metric: 'container_memory_working_set_bytes', labels: {}, scale: mebibyte },
  { column: 'PodServerLatencyP95(s)', metric: 'rpc_server_duration_seconds', labels: { quantile: '0.95' }, scale: 1 },
];

/** The metrics of a day, as the pods were read each minute. */
export function readPods(folder: string, day: string): Series[] {
  const dir = join(folder, day, 'metric');
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith('_metric.csv'))
    .sort()
    .flatMap((name) => podSeries([...parseRecords(readFileSync(join(dir, name), 'utf8'))]));
}

/** When a row was read: its written time with its zone (the stamp beside it lies years off on some days), else the stamp. */
function timeOf(row: Readonly<Record<string, string>>): number {
  const written = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d\d)(\d\d)/.exec(row['Time'] ?? '');
  const at = written === null ? Number.NaN : Date.parse(`${written[1]}T${written[2]}${written[3]}:${written[4]}`);
  return Number.isFinite(at) ? at : Number(row['TimeStamp']) * 1000;
}

function podSeries(rows: readonly Record<string, string>[]): Series[] {
  const entity = podOf(rows[0]?.['PodName'] ?? '');
  const made = columns.map(({ column, metric, labels, scale }): Series => ({
    metric,
    type: 'gauge',
    entity,
    labels,
    samples: rows.flatMap((row): [number, number][] => {
      const text = row[column] ?? '';
      const value = Number(text) * scale;
      return text === '' || !Number.isFinite(value) ? [] : [[timeOf(row), value]];
    }),
  }));
  let total = 0;
  const requests: Series = { metric: 'rpc_server_requests_total', type: 'counter', entity, labels: {}, samples: [] };
  for (const [index, row] of rows.entries()) {
    const rate = Number(row['PodWorkload(Ops)'] ?? '');
    const at = timeOf(row);
    const before = index === 0 ? at : timeOf(rows[index - 1] ?? row);
    total += Number.isFinite(rate) ? (rate * (at - before)) / 1000 : 0;
    requests.samples.push([at, total]);
  }
  return [...made, requests].filter(({ samples }) => samples.length > 0);
}

/** Who calls whom where the set declares it by service name (`dependency.csv`), between the pods whose names begin so. */
export function readDependencies(folder: string, day: string, pods: readonly EntityId[]): Topology {
  const path = join(folder, day, 'metric/dependency.csv');
  const podsOf = (service: string): EntityId[] => pods.filter((pod) => entityNameOf(pod).startsWith(`${service}-`));
  const edges = !existsSync(path)
    ? []
    : [...parseRecords(readFileSync(path, 'utf8'))].flatMap((row) =>
        podsOf(row['Source'] ?? '').flatMap((from) =>
          podsOf(row['Target'] ?? '').map((to): Edge => ({
            from,
            to,
            kind: 'calls',
            source: 'declared',
            confidence: 0.9,
          })),
        ),
      );
  return { entities: pods.map((id) => ({ id, kind: 'pod', name: entityNameOf(id) })), edges };
}
