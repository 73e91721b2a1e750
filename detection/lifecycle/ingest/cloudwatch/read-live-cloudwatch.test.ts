import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFakeClock } from '../../../../infra/runtime/clock.ts';
import { openCloudWatch } from './open-cloudwatch.ts';
import { type FakeCloudWatch, startFakeCloudWatch } from './fake-cloudwatch.ts';
import { readLiveCloudWatch } from './read-live-cloudwatch.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
const minute = 60_000;
const range = { from: start, to: start + 10 * minute, stepMs: 5 * minute };
let server: FakeCloudWatch;
const read = (query: string, more: object = {}) => {
  const clock = createFakeClock(start + 10 * minute);
  const cloudwatch = openCloudWatch({ clock }, { region: 'eu-central-1', url: server.url, attempts: 1 });
  return readLiveCloudWatch({ clock, cloudwatch }, query, { ...range, ...more });
};

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDFAKE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const values = Array.from({ length: 12 }, (_, i): [number, number[]] => [start + i * minute, [i, i + 10]]);
  const metric = (name: string, dimensions: Record<string, string>) => ({
    namespace: 'Shop',
    name,
    dimensions,
    values,
  });
  server = await startFakeCloudWatch({
    metrics: [
      metric('Latency', { ServiceName: 'checkout' }),
      metric('RequestCount', { ServiceName: 'checkout', Zone: 'a' }),
      metric('Latency', { ServiceName: 'search' }),
      ...Array.from({ length: 501 }, (_, i) => ({ ...metric('Many', { InstanceId: `i-${i}` }), namespace: 'Wide' })),
      ...Array.from({ length: 251 }, (_, i) => ({ ...metric('Some', { InstanceId: `i-${i}` }), namespace: 'Twice' })),
    ],
    events: [0, 1, 6].map((m) => ({
      group: '/ecs/checkout',
      at: start + m * minute,
      message: m === 1 ? 'ERROR no' : 'INFO yes',
    })),
    pointsAPage: 5,
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

describe('readLiveCloudWatch', () => {
  it('puts metrics of one entity side by side, each by its usual statistic', async () => {
    const table = await read('cloudwatch:Shop');
    expect([table.names, table.entities]).toEqual([
      ['Latency', 'RequestCount{Zone=a}'],
      ['checkout', 'search'],
    ]);
    expect([...table.at]).toEqual([start, start + 5 * minute, start, start + 5 * minute]);
    expect([...table.values[0]!]).toEqual([7, 12, 7, 12]);
    expect([...table.values[1]!]).toEqual([70, 120, NaN, NaN]);
  });

  it('reads the statistics, names and dimensions that the query names', async () => {
    const table = await read('cloudwatch:Shop?metric=Lat*&statistic=p99&statistic=Average&ServiceName=che*');
    expect([table.names, table.entities, table.values.map((one) => one[0])]).toEqual([
      ['Latency', 'Latency:p99'],
      ['checkout'],
      [7, 14],
    ]);
    const zones = await read('cloudwatch:Shop?metric=RequestCount', { entityLabel: 'Zone' });
    expect([zones.names, zones.entities]).toEqual([['RequestCount{ServiceName=checkout}'], ['a']]);
  });

  it('counts the lines of log groups', async () => {
    const { names, entities, values } = await read('cloudwatch-logs:/ecs/*');
    expect([names, entities, values.map((one) => [...one])]).toEqual([
      ['errors', 'lines', 'warnings'],
      ['/ecs/checkout'],
      [
        [1, 0],
        [2, 1],
        [0, 0],
      ],
    ]);
  });

  it('says what is wrong with a query, and refuses one that would cost much', async () => {
    await expect(read('cloudwatch:Shop?statistic=mean')).rejects.toThrow(/mean is no statistic/);
    await expect(read('cloudwatch:')).rejects.toThrow(/names no namespace/);
    await expect(read('cloudwatch:Wide')).rejects.toThrow(/matches 501 metrics/);
    await expect(read('cloudwatch:Twice?statistic=p50&statistic=p99')).rejects.toThrow(
      /matches 502 metrics times statistics/,
    );
    await expect(read('cloudwatch:Shop?metric=None')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(read('cloudwatch-logs:/ecs/absent')).rejects.toThrow(/does not exist/);
    await expect(read('up')).rejects.toThrow(/no query of CloudWatch/);
  });

  it('lists one metric where the query names one, and refuses to read from a list that was cut', async () => {
    const clock = createFakeClock(start + 10 * minute);
    const cloudwatch = openCloudWatch({ clock }, { region: 'eu-central-1', url: server.url, attempts: 1 });
    const large: typeof cloudwatch = {
      ...cloudwatch,
      listMetrics: async (filter, options) => ({
        ...(await cloudwatch.listMetrics(filter, options)),
        cut: filter.name === undefined,
      }),
    };
    const look = (query: string) => readLiveCloudWatch({ clock, cloudwatch: large }, query, range);
    expect((await look('cloudwatch:Shop?metric=Latency')).entities).toEqual(['checkout', 'search']);
    for (const query of [
      'cloudwatch:Shop',
      'cloudwatch:Shop?metric=Lat*',
      'cloudwatch:Shop?metric=Latency&metric=RequestCount',
    ])
      await expect(look(query)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('more than 50000 metrics') as unknown,
      });
    cloudwatch.close();
  });
});
