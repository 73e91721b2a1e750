import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** What the fake holds: raw values of metrics by time, and log events. */
export interface FakeCloudWatchData {
  metrics: {
    namespace: string;
    name: string;
    dimensions: Record<string, string>;
    values: [number, number[]][];
    unit?: string;
  }[];
  events: { group: string; at: number; message: string }[];
  /** Samples a page of GetMetricData; default 2, so that the client has to follow the tokens. */
  pointsAPage?: number;
}

/** CloudWatch on loopback, in the shapes of its JSON protocols, for what moto lacks: percentiles, small pages, throttling, refusals, Logs Insights that filters. */
export interface FakeCloudWatch {
  url: string;
  /** The calls that came, by name, with their input. */
  calls: { name: string; input: Record<string, unknown> }[];
  /** What the next calls get instead of an answer. */
  refuse(...answers: Refusal[]): void;
  close(): Promise<void>;
}
type Refusal = 'throttled' | 'denied' | 'html' | 'broken' | 'partial' | 'silent';

const dimension = z.object({ Name: z.string(), Value: z.string() });
const getMetricData = z.object({
  StartTime: z.number(),
  EndTime: z.number(),
  NextToken: z.string().optional(),
  MetricDataQueries: z.array(
    z.object({
      Id: z.string(),
      MetricStat: z.object({
        Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: z.array(dimension).default([]) }),
        Period: z.number(),
        Stat: z.string(),
      }),
    }),
  ),
});
const listMetrics = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  NextToken: z.string().optional(),
});
const filterLogEvents = z.object({
  logGroupName: z.string(),
  startTime: z.number(),
  endTime: z.number(),
  limit: z.number(),
  nextToken: z.string().optional(),
});
const startQuery = z.object({
  logGroupNames: z.array(z.string()).max(50),
  startTime: z.number(),
  endTime: z.number(),
  queryString: z.string(),
});
/** Few a page, so that the client has to follow the tokens. */
const pageSize = 2;

type Answer = { status?: number; body: object };

/** Starts one on a free port. */
export async function startFakeCloudWatch(data: FakeCloudWatchData): Promise<FakeCloudWatch> {
  const calls: FakeCloudWatch['calls'] = [];
  const refusals: Refusal[] = [];
  const queries = new Map<string, { asked: number; rows: object[][] }>();

  const answers: Record<string, (input: unknown) => Answer> = {
    ListMetrics: (input) => {
      const { Namespace, MetricName, NextToken } = listMetrics.parse(input);
      const all = data.metrics
        .filter(({ namespace, name }) => (Namespace ?? namespace) === namespace && (MetricName ?? name) === name)
        .map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        }));
      const { page, next } = pageOf(all, NextToken);
      return { body: { Metrics: page, ...(next === undefined ? {} : { NextToken: next }) } };
    },
    GetMetricData: (input) => {
      const asked = getMetricData.parse(input);
      const points = asked.MetricDataQueries.flatMap(({ Id, MetricStat: { Metric, Period, Stat } }) => {
        const held = data.metrics.find(
          ({ namespace, name, dimensions }) =>
            namespace === Metric.Namespace &&
            name === Metric.MetricName &&
            Object.keys(dimensions).length === Metric.Dimensions.length &&
            Metric.Dimensions.every(({ Name, Value }) => dimensions[Name] === Value),
        );
        return bucketsOf(held?.values ?? [], Period * 1_000)
          .filter(([at]) => at >= asked.StartTime * 1_000 && at < asked.EndTime * 1_000)
          .map(([at, values]) => ({ Id, at: at / 1_000, value: statisticOf(values, Stat) }));
      });
      const { page, next } = pageOf(points, asked.NextToken, data.pointsAPage);
      const results = asked.MetricDataQueries.map(({ Id }) => ({
        Id,
        Label: Id,
        Timestamps: page.filter((point) => point.Id === Id).map(({ at }) => at),
        Values: page.filter((point) => point.Id === Id).map(({ value }) => value),
        StatusCode: next === undefined ? 'Complete' : 'PartialData',
      }));
      return { body: { MetricDataResults: results, ...(next === undefined ? {} : { NextToken: next }) } };
    },
    GetMetricStatistics: (input) => {
      const { MetricName } = z.object({ MetricName: z.string() }).parse(input);
      const unit = data.metrics.find(({ name }) => name === MetricName)?.unit ?? 'None';
      return { body: { Label: MetricName, Datapoints: [{ Timestamp: 0, SampleCount: 1, Unit: unit }] } };
    },
    DescribeLogGroups: (input) => {
      const { logGroupNamePrefix: prefix = '', nextToken } = z
        .object({ logGroupNamePrefix: z.string().optional(), nextToken: z.string().optional() })
        .parse(input);
      const groups = [...new Set(data.events.map(({ group }) => group))].filter((group) => group.startsWith(prefix));
      const { page, next } = pageOf(groups, nextToken);
      return {
        body: {
          logGroups: page.map((logGroupName) => ({ logGroupName })),
          ...(next === undefined ? {} : { nextToken: next }),
        },
      };
    },
    FilterLogEvents: (input) => {
      const { logGroupName, startTime, endTime, limit, nextToken } = filterLogEvents.parse(input);
      if (!data.events.some(({ group }) => group === logGroupName))
        return {
          status: 400,
          body: { __type: 'ResourceNotFoundException', message: 'The specified log group does not exist.' },
        };
      const all = data.events
        .filter(({ group, at }) => group === logGroupName && at >= startTime && at <= endTime)
        .sort((left, right) => left.at - right.at)
        .map(({ at, message }, index) => ({ timestamp: at, message, logStreamName: 'one', eventId: String(index) }));
      // As the service does now and then: an empty page that is not the last.
      if (nextToken === undefined) return { body: { events: [], nextToken: '0' } };
      const { page, next } = pageOf(all, nextToken, Math.min(limit, pageSize));
      return { body: { events: page, ...(next === undefined ? {} : { nextToken: next }) } };
    },
    StartQuery: (input) => {
      const { logGroupNames, startTime, endTime, queryString } = startQuery.parse(input);
      const words = [...queryString.matchAll(/@message like \/\(\?i\)((?:[^/\\]|\\.)*)\//g)].map(
        ([, word = '']) => new RegExp(word, 'i'),
      );
      const limit = Number(/limit (\d+)$/.exec(queryString)?.[1]);
      const rows = data.events
        .filter(({ group, at }) => logGroupNames.includes(group) && at >= startTime * 1_000 && at <= endTime * 1_000)
        .filter(({ message }) => words.every((word) => word.test(message)))
        .sort((left, right) => left.at - right.at)
        .slice(0, limit)
        .map(({ group, at, message }) => [
          { field: '@timestamp', value: new Date(at).toISOString().replace('T', ' ').replace('Z', '') },
          { field: '@message', value: message },
          { field: '@logStream', value: 'one' },
          { field: '@log', value: `123456789012:${group}` },
          { field: '@ptr', value: 'x' },
        ]);
      const queryId = String(queries.size + 1);
      queries.set(queryId, { asked: 0, rows });
      return { body: { queryId } };
    },
    GetQueryResults: (input) => {
      const query = queries.get(z.object({ queryId: z.string() }).parse(input).queryId)!;
      query.asked += 1;
      const status = query.asked === 1 ? 'Running' : 'Complete';
      return { body: { status, results: status === 'Complete' ? query.rows : [] } };
    },
    StopQuery: () => ({ body: { success: true } }),
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const name = String(request.headers['x-amz-target']).replace(/^.*\./, '');
      const input = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
      calls.push({ name, input });
      const refusal = refusals.shift();
      if (refusal !== undefined) refuseWith(response, refusal);
      else {
        const { status = 200, body } = answers[name]?.(input) ?? {
          status: 400,
          body: { __type: 'UnknownOperationException' },
        };
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    refuse: (...more) => void refusals.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}

function refuseWith(response: ServerResponse, refusal: Refusal): void {
  const json = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  };
  if (refusal === 'silent') return;
  if (refusal === 'throttled') json(400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
  else if (refusal === 'denied')
    json(403, { __type: 'AccessDeniedException', message: 'is not authorized to perform: cloudwatch:GetMetricData' });
  else if (refusal === 'broken') json(500, { __type: 'InternalServiceFault', message: 'oops' });
  else if (refusal === 'partial')
    json(200, {
      MetricDataResults: [{ Id: 'm0', Timestamps: [], Values: [], StatusCode: 'Forbidden' }],
      Messages: [{ Code: 'MaxMetricsExceeded', Value: 'too many' }],
    });
  else response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>404 Not Found</title>');
}

function pageOf<T>(all: readonly T[], token: string | undefined, size = pageSize): { page: T[]; next?: string } {
  const from = Number(token ?? 0);
  const page = all.slice(from, from + size);
  return from + size < all.length ? { page, next: String(from + size) } : { page };
}

function bucketsOf(values: readonly [number, number[]][], periodMs: number): [number, number[]][] {
  const buckets = new Map<number, number[]>();
  for (const [at, held] of values) {
    const start = Math.floor(at / periodMs) * periodMs;
    buckets.set(start, [...(buckets.get(start) ?? []), ...held]);
  }
  return [...buckets].sort((left, right) => left[0] - right[0]);
}

function statisticOf(values: readonly number[], statistic: string): number {
  const sum = values.reduce((left, right) => left + right, 0);
  if (statistic === 'Sum') return sum;
  if (statistic === 'SampleCount') return values.length;
  const sorted = values.toSorted((left, right) => left - right);
  if (statistic === 'Minimum') return sorted[0]!;
  if (statistic === 'Maximum') return sorted.at(-1)!;
  const share = /^p([\d.]+)$/.exec(statistic)?.[1];
  if (share === undefined) return sum / values.length;
  return sorted[Math.max(0, Math.ceil((Number(share) / 100) * sorted.length) - 1)]!;
}
