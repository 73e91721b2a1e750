import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, systemClock } from '../../../../infra/runtime/clock.ts';
import type { CloudWatchApi } from './cloudwatch-api.ts';
import { openCloudWatch } from './open-cloudwatch.ts';
import { isStatistic, periodFor, thingOf, usualStatistic } from './cloudwatch-habits.ts';
import { type FakeCloudWatch, startFakeCloudWatch } from './fake-cloudwatch.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
const minute = 60_000;
const latency = { namespace: 'Shop', name: 'latency', dimensions: { ServiceName: 'checkout' } };
const span = { from: start, to: start + 10 * minute, periodSeconds: 60 };
let server: FakeCloudWatch;
let api: CloudWatchApi;

beforeAll(() => {
  // AWS's own chain finds these first; nothing of ours takes a credential.
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDFAKE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret-but-kept-like-one');
});
afterAll(() => vi.unstubAllEnvs());
beforeEach(async () => {
  const values = Array.from({ length: 5 }, (_, i): [number, number[]] => [
    start + i * minute,
    Array.from({ length: 100 }, (_unused, k) => i * 100 + k + 1),
  ]);
  server = await startFakeCloudWatch({
    metrics: [
      { ...latency, values },
      { namespace: 'Shop', name: 'Requests', dimensions: { ServiceName: 'gateway' }, values },
      { namespace: 'AWS/EC2', name: 'CPUUtilization', dimensions: { InstanceId: 'i-1' }, values },
    ],
    events: [1, 2, 3].map((second) => ({
      group: '/ecs/checkout',
      at: start + second * 1_000,
      message: `line ${second}`,
    })),
    pointsAPage: 3,
  });
  api = openCloudWatch({ clock: systemClock }, { region: 'eu-central-1', url: server.url, attempts: 3 });
});
afterEach(async () => {
  api.close();
  await server.close();
});

describe('openCloudWatch', () => {
  it('follows the pages of metrics and keeps to a namespace and a bound', async () => {
    expect((await api.listMetrics({}, { most: 100 })).metrics.length).toBe(3);
    expect(await api.listMetrics({ namespace: 'Shop', name: 'latency' }, { most: 100 })).toEqual({
      metrics: [latency],
      cut: false,
    });
    expect(await api.listMetrics({}, { most: 1 })).toMatchObject({ metrics: [{}], cut: true });
  });

  it('reads statistics, percentiles among them, over pages, in order', async () => {
    const { samples } = await api.readMetrics(
      ['Average', 'Sum', 'p99', 'Maximum'].map((statistic) => ({ metric: latency, statistic })),
      span,
    );
    expect(samples.map((one) => one.map(([, value]) => value))).toEqual([
      [50.5, 150.5, 250.5, 350.5, 450.5],
      [5_050, 15_050, 25_050, 35_050, 45_050],
      [99, 199, 299, 399, 499],
      [100, 200, 300, 400, 500],
    ]);
    expect(samples[0]!.map(([at]) => at)).toEqual([0, 1, 2, 3, 4].map((i) => start + i * minute));
    expect(server.calls.filter(({ name }) => name === 'GetMetricData').length).toBe(7);
  });

  it('asks for at most 500 metrics at once', async () => {
    const wide = await startFakeCloudWatch({
      metrics: [{ ...latency, values: [[start, [1, 2]]] }],
      events: [],
      pointsAPage: 400,
    });
    const wideApi = openCloudWatch({ clock: systemClock }, { region: 'eu-central-1', url: wide.url });
    const asks = Array.from({ length: 501 }, () => ({ metric: latency, statistic: 'Sum' }));
    const { samples } = await wideApi.readMetrics(asks, span);
    await wide.close();
    expect([samples.length, samples[499], samples[500]]).toEqual([501, [[start, 3]], [[start, 3]]]);
    const sizes = wide.calls.map(({ input }) => JSON.stringify(input['MetricDataQueries']).split('"Id"').length - 1);
    expect(sizes).toEqual([500, 500, 1]);
  });

  it('waits and tries again when it is throttled, and says so when that did not help', async () => {
    server.refuse('throttled', 'throttled');
    expect((await api.listMetrics({}, { most: 9 })).metrics.length).toBe(3);
    server.refuse('throttled', 'throttled', 'throttled');
    await expect(api.listMetrics({}, { most: 9 })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      message: expect.stringMatching(/ListMetrics: Throttling.*Rate exceeded/),
    });
  });

  it('waits no longer for the end of a failed query than for any other call', async () => {
    const refusing = { ...createFakeClock(start), sleep: async () => server.refuse('denied', 'silent') };
    const options = { region: 'eu-central-1', url: server.url, attempts: 1, timeoutMs: 1_500 };
    const hasty = openCloudWatch({ clock: refusing }, options);
    const query = 'fields @timestamp | limit 10';
    await expect(hasty.queryEvents(['/ecs/checkout'], { ...span, query })).rejects.toMatchObject({
      code: 'BACKEND_REJECTED',
    });
    expect(server.calls.at(-1)?.name).toBe('StopQuery');
    hasty.close();
  });

  it('tells refusals, broken answers, pages of another server and silence apart', async () => {
    const read = () => api.readMetrics([{ metric: latency, statistic: 'p99' }], span);
    server.refuse('denied');
    await expect(read()).rejects.toMatchObject({
      code: 'BACKEND_REJECTED',
      message: expect.stringMatching(/not authorized/),
    });
    server.refuse('html');
    await expect(read()).rejects.toMatchObject({
      code: 'BACKEND_MALFORMED',
      message: expect.stringMatching(/404.*no AWS answer/),
    });
    server.refuse('broken', 'broken', 'broken');
    await expect(read()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    server.refuse('partial');
    expect((await read()).notes).toEqual([
      'CloudWatch gave no data of latency: Forbidden',
      'CloudWatch: MaxMetricsExceeded: too many',
    ]);
    await expect(
      api.readMetrics([{ metric: latency, statistic: 'p99' }], span, AbortSignal.abort()),
    ).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    const dead = openCloudWatch(
      { clock: systemClock },
      { region: 'eu-central-1', url: 'http://127.0.0.1:9', attempts: 1 },
    );
    await expect(dead.listMetrics({}, { most: 1 })).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    await expect(api.readEvents('/ecs/absent', { from: start, to: start + minute, most: 9 })).rejects.toMatchObject({
      code: 'BACKEND_REJECTED',
      message: expect.stringMatching(/FilterLogEvents of \/ecs\/absent.*does not exist/),
    });
  });

  it('says where credentials come from when there are none, and never shows one', async () => {
    server.refuse('denied');
    const thrown = await api.listMetrics({}, { most: 9 }).catch((error: unknown) => error);
    expect(JSON.stringify([thrown, String(thrown)])).not.toContain('not-a-secret');
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const bare = openCloudWatch({ clock: systemClock }, { region: 'eu-central-1', url: server.url });
    await expect(bare.listMetrics({}, { most: 1 })).rejects.toMatchObject({
      code: 'BACKEND_REJECTED',
      message: expect.stringMatching(/AWS's own chain/),
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDFAKE');
  });

  it('reads events past an empty page, to the bound', async () => {
    const read = async (most: number) => api.readEvents('/ecs/checkout', { from: start, to: start + 3_000, most });
    expect((await read(9)).events.map(({ message }) => message)).toEqual(['line 1', 'line 2']);
    expect(await read(1)).toMatchObject({ events: [{ message: 'line 1' }], cut: true });
    expect(await api.listLogGroups('/ecs')).toEqual(['/ecs/checkout']);
  });
});

describe('habits of CloudWatch', () => {
  it('asks for the finest period that is still held', () => {
    const now = start;
    const day = 86_400_000;
    for (const [age, stepMs, period] of [
      [3_600_000, 0, 60],
      [3_600_000, 5_000, 5],
      [3_600_000, 7_000, 10],
      [2 * day, 5_000, 60],
      [2 * day, 90_000, 120],
      [20 * day, 60_000, 300],
      [100 * day, 0, 3_600],
    ])
      expect([age, stepMs, periodFor(now - age!, now, stepMs!)]).toEqual([age, stepMs, period]);
  });

  it('sums what is counted and averages levels', () => {
    const sums = [
      'RequestCount',
      'HTTPCode_Target_5XX_Count',
      'Errors',
      'Invocations',
      'NetworkPacketsIn',
      'NumberOfMessagesSent',
    ];
    const levels = [
      'CPUUtilization',
      'HealthyHostCount',
      'ApproximateNumberOfMessagesVisible',
      'DatabaseConnections',
      'Duration',
    ];
    expect(sums.map(usualStatistic)).toEqual(sums.map(() => 'Sum'));
    expect(levels.map(usualStatistic)).toEqual(levels.map(() => 'Average'));
    expect(['p99', 'p99.9', 'tm95', 'TM(10%:90%)', 'Average'].every(isStatistic)).toBe(true);
    expect(['avg', 'p', 'p999', 'Average; drop'].some(isStatistic)).toBe(false);
  });

  it('names the thing by its most telling dimension', () => {
    const of = (dimensions: Record<string, string>, named?: string) =>
      thingOf({ namespace: 'n', name: 'm', dimensions }, named);
    expect(of({ ClusterName: 'c', ServiceName: 'checkout' })).toMatchObject({ kind: 'service', name: 'checkout' });
    expect(of({ LoadBalancer: 'app/shop/50dc6c495c0c9188' })).toMatchObject({ kind: 'gateway', name: 'shop' });
    expect(of({ tier: 'web', InstanceId: 'i-1' }, 'tier')).toMatchObject({ kind: 'service', name: 'web' });
    expect(of({})).toBeUndefined();
  });
});
