import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCloudWatch } from '../../detection/lifecycle/ingest/cloudwatch/open-cloudwatch.ts';
import {
  type FakeCloudWatch,
  startFakeCloudWatch,
} from '../../detection/lifecycle/ingest/cloudwatch/fake-cloudwatch.ts';
import { createFakeClock, isoOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createCloudWatchLogs } from './cloudwatch-logs.ts';
import { createCloudWatchMetrics } from './cloudwatch-metrics.ts';
import type { LogSource, MetricSource } from './source.ts';
import { testSources } from './sources.conformance.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
const minute = 60_000;
const window = { from: isoOf(start), to: isoOf(start + 10 * minute) };
const clock = createFakeClock(start + 10 * minute);

beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDFAKE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterAll(() => vi.unstubAllEnvs());

async function serve(): Promise<{
  server: FakeCloudWatch;
  metrics: MetricSource;
  logs: LogSource;
  close: () => Promise<void>;
}> {
  const values = Array.from({ length: 10 }, (_, i): [number, number[]] => [start + i * minute, [i, i + 1, i + 8]]);
  const server = await startFakeCloudWatch({
    metrics: [
      {
        namespace: 'AWS/ECS',
        name: 'CPUUtilization',
        dimensions: { ServiceName: 'checkout', ClusterName: 'shop' },
        values,
      },
      { namespace: 'AWS/RDS', name: 'CPUUtilization', dimensions: { DBInstanceIdentifier: 'orders' }, values },
      { namespace: 'AWS/ApplicationELB', name: 'RequestCount', dimensions: { LoadBalancer: 'app/shop/0a1b' }, values },
      { namespace: 'AWS/Idle', name: 'Gone', dimensions: { ServiceName: 'old' }, values: [] },
    ],
    events: [
      { group: '/ecs/shop/gateway', at: start + 1_000, message: '{"level":"info","msg":"request served"}' },
      { group: '/ecs/shop/checkout', at: start + 2_000, message: 'ERROR request failed: database is locked' },
      { group: '/ecs/shop/checkout', at: start + 2_000, message: 'WARN slow request of trace 4bf92f3577b34da6' },
      { group: '/ecs/shop/checkout', at: start + 9 * minute, message: 'INFO again (a/b)' },
      { group: '/ecs/other', at: start + 3_000, message: 'ERROR not ours' },
    ],
    pointsAPage: 50,
  });
  const cloudwatch = openCloudWatch({ clock }, { region: 'eu-central-1', url: server.url, attempts: 1 });
  return {
    server,
    metrics: createCloudWatchMetrics({ clock, cloudwatch }),
    logs: createCloudWatchLogs({ clock, cloudwatch }, { groups: [{ name: '/ecs/shop/*' }] }),
    close: async () => {
      cloudwatch.close();
      await server.close();
    },
  };
}

testSources('CloudWatch', ['metrics', 'logs'], async () => {
  const { metrics, logs, close } = await serve();
  return { sources: { metrics, logs }, window, close };
});

describe('CloudWatch metrics', () => {
  it('reads the usual statistic of each metric, or the one that a label asks for', async () => {
    const { metrics, close } = await serve();
    const all = await metrics.query({ metrics: [], entities: [], window, stepMs: 0, maxSeries: 50 });
    expect(
      all.status === 'ok' &&
        all.items.map(({ entity, metric, labels, samples }) => [entity, metric, labels['statistic'], samples[0]?.[1]]),
    ).toEqual([
      ['database:orders', 'CPUUtilization', 'Average', 3],
      ['gateway:shop', 'RequestCount', 'Sum', 9],
      ['service:checkout', 'CPUUtilization', 'Average', 3],
    ]);
    expect(all.status === 'ok' && all.notes).toEqual(['cloudwatch: a Sum is of 60 seconds']);
    const p99 = await metrics.query({
      metrics: ['CPU*'],
      entities: ['service:checkout'],
      labels: { statistic: 'p99' },
      window,
      stepMs: 5 * minute,
      maxSeries: 50,
    });
    expect(p99).toMatchObject({
      status: 'ok',
      items: [
        {
          entity: 'service:checkout',
          samples: [
            [start, 12],
            [start + 5 * minute, 17],
          ],
        },
      ],
    });
    await close();
  });

  it('tells the unit of durations and levels, asked once for each name, and says when it could not be told', async () => {
    const values: [number, number[]][] = [[start, [250]]];
    const of = (name: string, unit: string) => ({
      namespace: 'AWS',
      name,
      unit,
      dimensions: { ServiceName: 'a' },
      values,
    });
    const server = await startFakeCloudWatch({
      metrics: [of('Duration', 'Milliseconds'), of('TargetResponseTime', 'Seconds'), of('CPUUtilization', 'Percent')],
      events: [],
    });
    const cloudwatch = openCloudWatch({ clock }, { region: 'eu-central-1', url: server.url, attempts: 1 });
    const open = () => createCloudWatchMetrics({ clock, cloudwatch });
    const ask = { metrics: [], entities: [], window, stepMs: 0, maxSeries: 50 };
    const metrics = open();
    for (let twice = 0; twice < 2; twice += 1) {
      const result = await metrics.query(ask);
      expect(result.status === 'ok' && result.items.map(({ metric, unit }) => [metric, unit])).toEqual([
        ['CPUUtilization', 'Percent'],
        ['Duration', 'ms'],
        ['TargetResponseTime', 'seconds'],
      ]);
    }
    const statistics = () => server.calls.filter(({ name }) => name === 'GetMetricStatistics');
    const asked = statistics().map(({ input }) => input['MetricName']);
    expect([asked.length, new Set(asked)]).toEqual([3, new Set(['CPUUtilization', 'Duration', 'TargetResponseTime'])]);
    const later = createFakeClock(clock.now());
    let refused = 0;
    const denied = createCloudWatchMetrics({
      clock: later,
      cloudwatch: {
        ...cloudwatch,
        readUnit: () => {
          refused += 1;
          return Promise.reject(new CerebroError('BACKEND_REJECTED', 'not allowed'));
        },
      },
    });
    // What failed is said at every look and asked again in five minutes.
    for (const [waited, times] of [
      [0, 1],
      [minute, 1],
      [5 * minute, 2],
    ] as const) {
      later.advance(waited);
      const result = await denied.query({ ...ask, metrics: ['Duration'] });
      expect(result.status === 'ok' && result.notes.join()).toMatch(/unit of Duration.*not allowed/);
      expect(refused).toBe(times);
    }
    cloudwatch.close();
    await server.close();
  });

  it('reads each metric once a minute, however often a watch asks for the moving window', async () => {
    const values = Array.from({ length: 10 }, (_, i): [number, number[]] => [start + i * minute, [i]]);
    const dimensions = { ServiceName: 'a' };
    const server = await startFakeCloudWatch({
      metrics: [{ namespace: 'Shop', name: 'Requests', dimensions, values }],
      events: [],
      pointsAPage: 100,
    });
    const moving = createFakeClock(start + 5 * minute);
    const cloudwatch = openCloudWatch({ clock: moving }, { region: 'eu-central-1', url: server.url });
    const metrics = createCloudWatchMetrics({ clock: moving, cloudwatch });
    const look = async (backMs: number) => {
      const to = isoOf(moving.now());
      const request = { metrics: ['*'], entities: [], stepMs: 0, maxSeries: 9 };
      const result = await metrics.query({ ...request, window: { from: isoOf(moving.now() - backMs), to } });
      return result.status === 'ok' ? result.items[0]?.samples.map(([, value]) => value) : [];
    };
    const reads = () => server.calls.filter(({ name }) => name === 'GetMetricData').length;
    expect([await look(3 * minute), reads()]).toEqual([[2, 3, 4], 1]);
    moving.advance(30_000);
    expect([await look(3 * minute), reads()]).toEqual([[3, 4], 1]);
    moving.advance(30_000);
    expect([await look(3 * minute), reads()]).toEqual([[3, 4, 5], 2]);
    // What begins earlier was not read yet.
    expect([await look(5 * minute), reads()]).toEqual([[1, 2, 3, 4, 5], 3]);
    cloudwatch.close();
    await server.close();
  });

  it('bounds what is billed, says so, and asks what there is once in five minutes', async () => {
    const { server, close } = await serve();
    const cloudwatch = openCloudWatch({ clock }, { region: 'eu-central-1', url: server.url });
    const metrics = createCloudWatchMetrics(
      { clock, cloudwatch },
      { mostMetrics: 1, namespaces: ['AWS/ECS', 'AWS/RDS'] },
    );
    const ask = { metrics: [], entities: [], window, stepMs: 0, maxSeries: 50 };
    const result = await metrics.query(ask);
    expect(result).toMatchObject({ status: 'ok', truncated: true, items: [{ entity: 'database:orders' }] });
    expect(result.status === 'ok' && result.notes.join()).toMatch(/asked for 1 of 2 metrics/);
    await metrics.query(ask);
    // one name is among what is known of all
    expect(await metrics.query({ ...ask, metrics: ['CPUUtilization'] })).toMatchObject({
      items: [{ entity: 'database:orders' }],
    });
    expect(await metrics.query({ ...ask, metrics: ['Absent'] })).toMatchObject({ status: 'no-data' });
    expect(server.calls.filter(({ name }) => name === 'ListMetrics').length).toBe(2);
    expect(() => createCloudWatchMetrics({ clock, cloudwatch }, { statistics: ['mean'] })).toThrow(
      /mean is no statistic/,
    );
    await close();
  });
});

describe('CloudWatch logs', () => {
  it('looks for words by Logs Insights, whatever their case, and reads groups from the start without words', async () => {
    const { server, logs, close } = await serve();
    const search = (over: object) => logs.search({ entities: [], window, limit: 10, ...over });
    expect(await search({ text: 'LOCKED database' })).toMatchObject({
      status: 'ok',
      items: [{ entity: 'service:checkout', level: 'error', message: 'ERROR request failed: database is locked' }],
    });
    expect(await search({ text: '(a/b)' })).toMatchObject({ items: [{ level: 'info' }] });
    expect(await search({ traceId: '4bf92f3577b34da6' })).toMatchObject({ items: [{ level: 'warn' }] });
    const names = new Set(server.calls.map(({ name }) => name));
    expect([...names]).toEqual(['DescribeLogGroups', 'StartQuery', 'GetQueryResults']);
    expect(await search({ limit: 2 })).toMatchObject({
      truncated: true,
      items: [{ entity: 'service:gateway', message: 'request served' }, { level: 'error' }],
    });
    await close();
  });

  it('names a group that cannot be read and gives the others', async () => {
    const { server, close } = await serve();
    const cloudwatch = openCloudWatch({ clock }, { region: 'eu-central-1', url: server.url });
    const groups = [{ name: '/ecs/absent' }, { name: '/ecs/other', service: 'billing' }];
    const logs = createCloudWatchLogs({ clock, cloudwatch }, { groups });
    const result = await logs.search({ entities: [], window, limit: 10 });
    expect(result).toMatchObject({ status: 'ok', items: [{ entity: 'service:billing' }] });
    expect(result.status === 'ok' && result.notes.join()).toMatch(/not read: .*\/ecs\/absent.*does not exist/);
    const none = createCloudWatchLogs({ clock, cloudwatch }, { groups: groups.slice(0, 1) });
    await expect(none.search({ entities: [], window, limit: 10 })).rejects.toMatchObject({ code: 'BACKEND_REJECTED' });
    await close();
  });
});
