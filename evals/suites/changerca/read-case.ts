import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Change, Series } from '../../../domain/signal.ts';
import type { Window } from '../../../domain/time.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { SourceData } from '../../../tools/sources/data-sources.ts';
import { emptyData, readCsv, readJson } from '../case-files.ts';

const step = z.looseObject({
  release_complete_timestamp: z.number().optional(),
  v1: z.number().optional(),
  v2: z.number().optional(),
});
const rolloutFile = z.looseObject({
  detect_timestamp: z.number(),
  plan: z.record(
    z.string(),
    z.looseObject({
      release_time: z.number(),
      target_replica: z.number().optional(),
      process: z.record(z.string(), step).default({}),
    }),
  ),
});

/** What one incident shows up to its detection: metrics by pod and by call, who calls whom, and the rollouts under way. */
export interface Case {
  data: SourceData;
  window: Window;
  /** Services with a rollout, newest first. */
  rollouts: string[];
}

/**
 * Reads the visible files of one incident up to `detect_timestamp`; every sample and every step of a rollout after it is left out, and
 * `gied.json`, which counts failures of the ten minutes after the detection, is not opened.
 */
export function readCase(path: string): Case {
  const { detect_timestamp: detected, plan } = rolloutFile.parse(readJson(join(path, 'rollouts.json')));
  const metrics = readdirSync(path)
    .filter((file) => file.endsWith('.csv') && file !== 'dependency.csv')
    .sort()
    .flatMap((file) =>
      file.endsWith('_success.csv') ? edgeSeries(join(path, file), file, detected) : podSeries(path, file, detected),
    )
    .filter(({ samples }) => samples.length > 0);
  const services = new Set(metrics.map(({ entity }) => entity));
  const edges = readCsv(join(path, 'dependency.csv')).flatMap(({ Source: from = '', Target: to = '' }) => {
    const callee = entityIdOf('service', to);
    return services.has(callee)
      ? [
          {
            from: entityIdOf('service', from),
            to: callee,
            kind: 'calls' as const,
            source: 'dependency.csv',
            confidence: 1,
          },
        ]
      : [];
  });
  const topology = {
    entities: [...services].map((id) => ({ id, kind: 'service' as const, name: id.slice('service:'.length) })),
    edges,
  };
  const times = metrics.flatMap(({ samples }) => samples.map(([at]) => at));
  return {
    data: { ...emptyData(), metrics, topology, changes: rolloutsOf(plan, detected) },
    window: { from: isoOf(Math.min(...times, detected * 1000 - 60_000)), to: isoOf(detected * 1000 + 1) },
    rollouts: Object.entries(plan)
      .sort(([, left], [, right]) => right.release_time - left.release_time)
      .map(([service]) => service),
  };
}

function rolloutsOf(plan: z.infer<typeof rolloutFile>['plan'], detected: number): Change[] {
  return Object.entries(plan)
    .filter(([, { release_time: at }]) => at <= detected)
    .map(([service, { release_time: at, target_replica: replicas, process }]): Change => {
      const done = Object.entries(process)
        .filter(([started]) => Number(started) <= detected)
        .flatMap(([, { release_complete_timestamp: complete }]) => complete ?? [])
        .filter((complete) => complete <= detected);
      return {
        id: `rollout:${service}`,
        at: isoOf(at * 1000),
        kind: 'rollout',
        entity: entityIdOf('service', service),
        title: `canary rollout of ${service}`,
        labels: {
          version: 'v2',
          ...(replicas === undefined ? {} : { replicas: String(replicas) }),
          ...(done.length === 0 ? {} : { serving_at: isoOf(Math.min(...done) * 1000) }),
        },
      };
    });
}

/** `<service>-<version>-<hash>-<hash>_<caller>_<callee>.csv`: what one pod saw on one call, and its load. */
function podSeries(path: string, file: string, detected: number): Series[] {
  const [pod = '', caller = '', callee = ''] = file.slice(0, -4).split('_');
  const [service = '', version = ''] = pod.split('-');
  const rows = readCsv(join(path, file)).filter(({ Timestamp }) => Number(Timestamp) <= detected);
  const own = service === callee;
  const labels = own ? { pod, version, source: caller } : { pod: `seen by ${pod}`, source: caller };
  const series = (metric: string, column: string, more: Record<string, string>): Series => ({
    metric,
    type: 'gauge',
    entity: entityIdOf('service', callee),
    labels: { ...labels, ...more },
    samples: samplesOf(rows, 'Timestamp', column),
  });
  return [series('request_success_percent', 'SuccessRate', {})];
}

/** Success by call over all pods, as its caller (`source`) or its callee (`destination`) reports it. */
function edgeSeries(path: string, file: string, detected: number): Series[] {
  const rows = readCsv(path).filter(({ timestamp }) => Number(timestamp) <= detected);
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column.includes('_'));
  return columns.map((column): Series => {
    const [caller = '', callee = ''] = column.split('_');
    return {
      metric: 'call_success_percent',
      type: 'gauge',
      entity: entityIdOf('service', callee),
      labels: { source: caller, reporter: file.slice(0, -'_success.csv'.length) },
      samples: samplesOf(rows, 'timestamp', column),
    };
  });
}

function samplesOf(rows: readonly Record<string, string>[], time: string, column: string): Series['samples'] {
  return rows.flatMap((row) => {
    const value = row[column];
    return value === undefined || value === '' || !Number.isFinite(Number(value))
      ? []
      : [[Number(row[time]) * 1000, Number(value)] as [number, number]];
  });
}
