import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Alert } from '../../../domain/question.ts';
import type { Window } from '../../../domain/time.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { SourceData } from '../../../tools/sources/data-sources.ts';
import { emptyData, readJson } from '../case-files.ts';
import { readCloudWatch } from './read-cloud-watch.ts';
import { readCluster } from './read-cluster.ts';
import { readLogs } from './read-logs.ts';

const alertFile = z.looseObject({
  title: z.string(),
  state: z.string().default('alerting'),
  alert_source: z.string().default('evaluation'),
  commonLabels: z.record(z.string(), z.unknown()).default({}),
  commonAnnotations: z.record(z.string(), z.unknown()).default({}),
});

/** What a scenario shows: the alert, what was recorded of metrics, logs and cluster, and which files it lay in. */
export interface Case {
  alert: Alert;
  title: string;
  data: SourceData;
  window: Window;
  /** Names of the recorded kinds of evidence. */
  sources: string[];
}

const quietMs = 3_600_000;

/** Reads the visible files of one scenario. The question is asked a minute after the last record; what is older than an hour before is left aside. */
export function readCase(path: string, name: string): Case {
  const files = readdirSync(path)
    .filter((file) => file.endsWith('.json') && file !== 'alert.json')
    .sort();
  const contents = new Map(files.map((file) => [file.slice(0, -5), readJson(join(path, file))]));
  const raised = alertFile.parse(readJson(join(path, 'alert.json')));
  const labels = texts(raised.commonLabels);
  const data: SourceData = {
    ...emptyData(),
    metrics: readCloudWatch(contents),
    logs: readLogs(contents),
    resources: readCluster(contents, labels['workload_name'] ?? labels['service'] ?? ''),
  };
  const times = [
    ...data.metrics.flatMap(({ samples }) => samples.map(([at]) => at)),
    ...data.logs.map(({ at }) => msOf(at)),
    ...data.resources.flatMap(({ object }) =>
      typeof object['lastTimestamp'] === 'string' ? [msOf(object['lastTimestamp'])] : [],
    ),
  ];
  const last = Math.max(...times) + 60_000;
  const first = Math.max(Math.min(...times), last - quietMs);
  return {
    title: raised.title,
    alert: {
      fingerprint: name,
      name: labels['alertname'] ?? raised.title,
      status: raised.state === 'alerting' ? 'firing' : 'resolved',
      startsAt: isoOf(last - 60_000),
      ...(raised.state === 'alerting' ? {} : { endsAt: isoOf(last) }),
      labels,
      annotations: texts(raised.commonAnnotations),
      source: raised.alert_source,
    },
    data,
    window: { from: isoOf(Math.min(first, last - 900_000)), to: isoOf(last) },
    sources: [...new Set([...contents.keys()].map((key) => key.replace(/^(aws_cloudwatch_metrics).*/, '$1')))].sort(),
  };
}

function texts(record: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}
