import { join } from 'node:path';
import { z } from 'zod';
import { entityIdOf } from '../../../domain/entity.ts';
import type { EntityId } from '../../../domain/entity.ts';
import type { Change, LogLevel, LogRecord, Series, Span } from '../../../domain/signal.ts';
import type { Window } from '../../../domain/time.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { SourceData } from '../../../tools/sources/data-sources.ts';
import { readLines } from '../../run-suite.ts';
import { emptyData, readCsv, readJson } from '../case-files.ts';

const text = z.string();
const alert = z.looseObject({ service: text, metric: text, fired_at: text, monitor: text, summary: text });
const commit = z.looseObject({
  sha: text,
  author: text.optional(),
  timestamp: text,
  message: text,
  files_changed: z.array(text).default([]),
  diff: text.nullish(),
});
const deploy = z.looseObject({ timestamp: text, service: text, commit_sha: text.nullish(), version: text.optional() });
const flag = z.looseObject({
  timestamp: text,
  flag: text,
  service: text.optional(),
  change: text,
  actor: text.optional(),
});
const span = z.looseObject({
  trace_id: text,
  span_id: text,
  parent_id: text.nullish(),
  service: text,
  name: text,
  start: text,
  duration_ms: z.number(),
  status: text.optional(),
  attributes: z.record(z.string(), z.unknown()).default({}),
});
const notice = z.looseObject({
  id: text,
  service: text,
  region: text.optional(),
  status: text,
  title: text,
  started_at: text,
  detail: text.optional(),
});

/** What an incident shows: the alert, and everything that sources would have returned. */
export interface Case {
  alert: z.infer<typeof alert>;
  data: SourceData;
  window: Window;
}

/** Reads the visible files of one incident; nothing else is opened. Asked ten minutes after the alert, or when the records end. */
export function readCase(path: string): Case {
  const raised = alert.parse(readJson(join(path, 'alert.json')));
  const metrics = readMetrics(path);
  const logs = readLines(join(path, 'logs.ndjson')).flatMap(logOf);
  const spans = readSpans(path);
  const times = [...metrics.flatMap(({ samples }) => samples.map(([at]) => at)), ...logs.map(({ at }) => msOf(at))];
  const from = Math.min(...times);
  const to = Math.max(...times) + 1;
  const data = { ...emptyData(), metrics, logs, spans, changes: readChangeRecords(path) };
  return { alert: raised, data, window: { from: isoOf(from), to: isoOf(to) } };
}

/** Machines report under their own name; everything else is a service. */
function entityOf(name: string, metric: string): EntityId {
  return entityIdOf(/^(node|host|kube_node)_/.test(metric) ? 'node' : 'service', name);
}

function readMetrics(path: string): Series[] {
  const found = new Map<string, Series>();
  for (const row of readCsv(join(path, 'metrics.csv'))) {
    const { timestamp = '', service = '', metric = '', value = '', ...labels } = row;
    const key = JSON.stringify([service, metric, labels]);
    let series = found.get(key);
    if (series === undefined) {
      const type = metric.endsWith('_total') ? 'counter' : 'gauge';
      found.set(key, (series = { metric, type, entity: entityOf(service, metric), labels, samples: [] }));
    }
    if (value !== '' && Number.isFinite(Number(value))) series.samples.push([msOf(timestamp), Number(value)]);
  }
  return [...found.values()];
}

const levels: Readonly<Record<string, LogLevel>> = { warning: 'warn', information: 'info', critical: 'fatal' };

function logOf(line: Record<string, unknown>): LogRecord[] {
  const { timestamp, service, severity_text: severity, msg, message, body, trace_id: trace, ...fields } = line;
  if (typeof timestamp !== 'string' || typeof service !== 'string') return [];
  const word = typeof severity === 'string' ? severity.toLowerCase() : 'unknown';
  const level = (['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const).find((one) => one === word);
  const node = fields['k8s.node'];
  // What node agents and schedulers write is about the machine.
  const entity =
    fields['event_type'] === 'k8s.event' && typeof node === 'string'
      ? entityIdOf('node', node)
      : entityIdOf('service', service);
  const said = [msg, message, body].find((one) => typeof one === 'string');
  return [
    {
      at: timestamp,
      entity,
      level: level ?? levels[word] ?? 'unknown',
      message: typeof said === 'string' ? said : '',
      fields,
      ...(typeof trace === 'string' ? { traceId: trace } : {}),
    },
  ];
}

function readSpans(path: string): Span[] {
  const rows = z.array(span).parse(readJson(join(path, 'traces.json')) ?? []);
  const parents = new Set(rows.map(({ parent_id: parent }) => parent));
  let trace = '';
  return rows.map((row) => {
    // Some files write `same` for the trace of the line before.
    trace = row.trace_id === 'same' ? trace : row.trace_id;
    const {
      trace_id: _trace,
      span_id: id,
      parent_id: parent,
      service,
      name,
      start,
      duration_ms: ms,
      status,
      ...rest
    } = row;
    const { attributes, ...own } = rest;
    const calls = typeof own['peer.service'] === 'string';
    return {
      traceId: trace,
      spanId: `${trace}.${id}`,
      ...(parent === null || parent === undefined ? {} : { parentId: `${trace}.${parent}` }),
      entity: entityIdOf('service', service),
      name,
      kind: calls && !parents.has(id) ? 'client' : 'server',
      startMs: msOf(start),
      durationMs: ms,
      status: status === 'ERROR' ? 'error' : 'ok',
      attributes: plain({ ...own, ...attributes }),
    } satisfies Span;
  });
}

function plain(record: Record<string, unknown>): Span['attributes'] {
  const kept: Span['attributes'] = {};
  for (const [key, value] of Object.entries(record))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') kept[key] = value;
  return kept;
}

function readChangeRecords(path: string): Change[] {
  const context = join(path, 'context');
  const commits = z.array(commit).parse(readJson(join(context, 'commits.json')) ?? []);
  const deploys = z.array(deploy).parse(readJson(join(context, 'deploys.json')) ?? []);
  const flags = z.array(flag).parse(readJson(join(context, 'flags.json')) ?? []);
  const notices = z.object({ events: z.array(notice) }).safeParse(readJson(join(path, 'status_feed.json'))).data;
  return [
    ...commits.map((one): Change => ({
      id: one.sha,
      at: one.timestamp,
      kind: 'commit',
      title: one.message,
      ...(one.author === undefined ? {} : { author: one.author }),
      files: one.files_changed,
      ...(one.diff === null || one.diff === undefined ? {} : { diff: one.diff }),
    })),
    ...deploys.map((one): Change => ({
      id: `deploy:${one.service}:${one.timestamp}`,
      at: one.timestamp,
      kind: 'deploy',
      entity: entityIdOf('service', one.service),
      title: `${one.service} ${one.version ?? ''}`.trim(),
      ...(one.commit_sha === null || one.commit_sha === undefined ? {} : { ref: one.commit_sha }),
    })),
    ...flags.map((one): Change => ({
      id: `flag:${one.flag}`,
      at: one.timestamp,
      kind: 'flag',
      ...(one.service === undefined ? {} : { entity: entityIdOf('service', one.service) }),
      title: `flag ${one.flag} ${one.change}`,
    })),
    ...(notices?.events ?? []).map((one): Change => ({
      id: `status:${one.id}`,
      at: one.started_at,
      kind: 'infrastructure',
      title: `${one.service}: ${one.title} (${one.status})`,
      ...(one.detail === undefined ? {} : { summary: one.detail }),
      labels: {
        provider: one.service,
        status: one.status,
        ...(one.region === undefined ? {} : { region: one.region }),
      },
    })),
  ];
}
