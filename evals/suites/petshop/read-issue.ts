import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Edge, Entity, EntityId, Topology } from '../../../domain/entity.ts';
import type { Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { AskedData } from '../../asked-data.ts';
import { idOfNode, kindOfNode, serviceBehind } from './node-kinds.ts';
import { parseCsv } from '../parse-csv.ts';

/** What is complained about; the rest of the file is not for us. */
const complaint = z.object({
  target: z.object({ node: z.string(), metric: z.string(), timestamp: z.number() }),
});

/** One issue as the product gets it, the node behind each entity, and which metric was complained about. */
export interface Issue extends AskedData {
  metricKind: string;
  nodes: ReadonlyMap<EntityId, string>;
}

/** The issue folders under a data folder, as `<traffic>/<part>/<issue>`, in order. */
export function listIssues(data: string): string[] {
  const foldersOf = (path: string): string[] =>
    existsSync(path)
      ? readdirSync(path, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => name)
          .sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))
      : [];
  return foldersOf(data)
    .filter((traffic) => existsSync(join(data, traffic, 'graph.csv')))
    .flatMap((traffic) =>
      ['test', 'train'].flatMap((part) =>
        foldersOf(join(data, traffic, part)).map((issue) => `${traffic}/${part}/${issue}`),
      ),
    );
}

const stepMs = 300_000;
const dayMs = 86_400_000;
/** The hole between the normal days and an issue, which say that they are two records. */
const apartMs = 8 * stepMs;
/** Fewest samples of the normal days that are history. */
const fewestUsual = 60;

/**
 * Reads one issue: its metrics, with the trouble-free days of the set as history, the call graph, and the complaint. The normal days were
 * recorded apart, months before or after: they are moved by whole days so that hours of the day agree, and a hole is left between, as in any
 * record that paused.
 */
export function readIssue(data: string, issue: string): Issue {
  const traffic = issue.split('/')[0] ?? '';
  const usual = readUsual(join(data, traffic, 'noissue/metrics.csv'));
  const seen = readTable(join(data, issue, 'metrics.csv'));
  const { target } = complaint.parse(JSON.parse(readFileSync(join(data, issue, 'target.json'), 'utf8')));
  const edges = readGraph(join(data, traffic, 'graph.csv'));
  const names = [
    ...new Set([...edges.flat(), ...usual.columns.map(({ node }) => node), ...seen.columns.map(({ node }) => node)]),
  ].sort();
  const ids = new Map(names.map((node) => [node, idOfNode(node)]));
  const first = seen.times[0] ?? 0;
  const shift = shiftOf(usual.times, first);
  const window = { from: isoOf(first), to: isoOf((seen.times.at(-1) ?? first) + stepMs) };
  const metrics = names.flatMap((node) =>
    seriesOf(ids.get(node) ?? node, [
      ...pointsOf(usual, node)
        .map((point) => ({ ...point, at: point.at + shift }))
        .filter(({ at }) => at <= first - apartMs),
      // Counting began anew with the issue.
      { at: first - stepMs, requests: 0, latency: Number.NaN, availability: Number.NaN },
      ...pointsOf(seen, node),
    ]),
  );
  return {
    name: issue,
    data: { metrics, topology: topologyOf(names, edges, ids) },
    question: {
      text: `Why is the ${target.metric} of ${target.node} bad?`,
      thread: `petshop:${issue}`,
      askedAt: window.to,
      timeZone: 'UTC',
      principal: { id: 'evaluation', kind: 'evaluation', roles: ['responder'] },
      window,
    },
    metricKind: target.metric,
    nodes: new Map(names.map((node) => [ids.get(node) ?? node, node])),
  };
}

/** By how much the normal days are moved: whole days, so far that they end before the issue and yet so little that enough of them is history. */
function shiftOf(usual: readonly number[], first: number): number {
  const [start = first, end = first] = [usual[0], usual.at(-1)];
  const least = first - apartMs - end;
  const wanted = Math.ceil(least / dayMs) * dayMs;
  // Up to here moved later, so that what lies before the issue is enough.
  const most = first - apartMs - start - fewestUsual * stepMs;
  return wanted <= most ? wanted : least;
}

interface Table {
  times: number[];
  columns: { node: string; metric: string; statistic: string; values: string[] }[];
}

let lastUsual: { path: string; table: Table } | undefined;

/** The normal days, which many issues share, read once. */
function readUsual(path: string): Table {
  if (lastUsual?.path !== path) lastUsual = { path, table: readTable(path) };
  return lastUsual.table;
}

function readTable(path: string): Table {
  const [nodes = [], metrics = [], statistics = [], , ...rows] = [...parseCsv(readFileSync(path, 'utf8'))];
  return {
    times: rows.map(([at]) => Number(at) * 1000),
    columns: nodes
      .map((node, index) => ({
        node,
        metric: metrics[index] ?? '',
        statistic: statistics[index] ?? '',
        values: rows.map((row) => row[index] ?? ''),
      }))
      .slice(1),
  };
}

interface Point {
  at: number;
  requests: number;
  latency: number;
  availability: number;
}

function pointsOf(table: Table, node: string): Point[] {
  const values = (metric: string, statistic: string): string[] =>
    table.columns.find((one) => one.node === node && one.metric === metric && one.statistic === statistic)?.values ??
    [];
  const [requests, latency, availability] = [
    values('requests', 'Sum'),
    values('latency', 'Average'),
    values('availability', 'Average'),
  ];
  const number = (text: string | undefined): number => (text === undefined || text === '' ? Number.NaN : Number(text));
  return table.times.map((at, index) => ({
    at,
    requests: number(requests[index]),
    latency: number(latency[index]),
    availability: number(availability[index]),
  }));
}

/** Counts and sums as an instrumented service would expose them: they say how many calls stand behind each mean. */
function seriesOf(entity: EntityId, points: readonly Point[]): Series[] {
  const make = (metric: string, type: Series['type'], labels: Record<string, string>): Series => ({
    metric,
    type,
    entity,
    labels,
    samples: [],
  });
  const count = make('http_server_request_duration_seconds_count', 'histogram', {});
  const sum = make('http_server_request_duration_seconds_sum', 'histogram', {});
  const good = make('http_server_requests_total', 'counter', { code: '200' });
  const bad = make('http_server_requests_total', 'counter', { code: '500' });
  const total = { calls: 0, seconds: 0, good: 0, bad: 0 };
  for (const { at, requests, latency, availability } of points) {
    const calls = Number.isFinite(requests) ? requests : 0;
    if (Number.isFinite(latency)) {
      total.calls += calls;
      total.seconds += calls * latency;
    }
    const share = Number.isFinite(availability) ? availability / 100 : 1;
    total.good += calls * share;
    total.bad += calls * (1 - share);
    count.samples.push([at, total.calls]);
    sum.samples.push([at, total.seconds]);
    good.samples.push([at, total.good]);
    bad.samples.push([at, total.bad]);
  }
  return total.good + total.bad === 0 ? [] : [count, sum, good, bad];
}

/** Pairs of caller and callee. */
function readGraph(path: string): [string, string][] {
  const [header = [], ...rows] = [...parseCsv(readFileSync(path, 'utf8'))];
  return rows.flatMap((row) =>
    header.flatMap((callee, index): [string, string][] =>
      index > 0 && Number(row[index]) > 0 ? [[row[0] ?? '', callee]] : [],
    ),
  );
}

function topologyOf(
  names: readonly string[],
  pairs: readonly [string, string][],
  ids: ReadonlyMap<string, EntityId>,
): Topology {
  const entities = names.map((node): Entity => ({ id: ids.get(node) ?? node, kind: kindOfNode(node), name: node }));
  const edge = (from: string, to: string, kind: Edge['kind'], source: string): Edge => ({
    from: ids.get(from) ?? from,
    to: ids.get(to) ?? to,
    kind,
    source,
    confidence: 1,
  });
  const behind = names.flatMap((node) => {
    const service = serviceBehind(node, names);
    return service === undefined ? [] : [edge(node, service, 'routes-to', 'load balancer name')];
  });
  return { entities, edges: [...pairs.map(([from, to]) => edge(from, to, 'calls', 'service graph')), ...behind] };
}
