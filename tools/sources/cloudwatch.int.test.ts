import { readdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCloudWatch } from '../../detection/lifecycle/ingest/cloudwatch/open-cloudwatch.ts';
import { readLiveCloudWatch } from '../../detection/lifecycle/ingest/cloudwatch/read-live-cloudwatch.ts';
import { readFiles } from '../../detection/lifecycle/ingest/read-files.ts';
import { writePartitions } from '../../detection/lifecycle/ingest/write-partitions.ts';
import { isoOf, systemClock } from '../../infra/runtime/clock.ts';
import { peerProgram, peerReason, type RunningPeer, startPeer } from '../../infra/services/python-peers.ts';
import { createCloudWatchLogs } from './cloudwatch-logs.ts';
import { createCloudWatchMetrics } from './cloudwatch-metrics.ts';
import { testSources } from './sources.conformance.ts';

const minute = 60_000;
const to = Math.floor(Date.now() / minute) * minute;
const from = to - 30 * minute;
const region = 'eu-central-1';
const program = peerProgram('moto', 'moto_server');

async function startMoto(): Promise<RunningPeer> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDMOTO');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const moto = await startPeer(program!, (port) => ['-H', '127.0.0.1', '-p', String(port)], { path: '/moto-api/' });
  await fill(moto.url);
  return moto;
}

async function fill(endpoint: string): Promise<void> {
  const metrics = new CloudWatchClient({ region, endpoint });
  for (const [service, offset] of [
    ['checkout', 0],
    ['gateway', 100],
  ] as const)
    for (const MetricName of ['CPUUtilization', 'RequestCount'])
      await metrics.send(
        new PutMetricDataCommand({
          Namespace: 'Shop',
          MetricData: Array.from({ length: 60 }, (_, i) => ({
            MetricName,
            Dimensions: [{ Name: 'ServiceName', Value: service }],
            // Two values a minute.
            Timestamp: new Date(from + Math.floor(i / 2) * minute),
            Value: offset + i,
          })),
        }),
      );
  metrics.destroy();
  const logs = new CloudWatchLogsClient({ region, endpoint });
  for (const group of ['/ecs/shop/checkout', '/ecs/shop/gateway', '/ecs/other']) {
    const place = { logGroupName: group, logStreamName: 'one' };
    await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await logs.send(new CreateLogStreamCommand(place));
    const logEvents = Array.from({ length: 25 }, (_, i) => ({
      timestamp: from + i * minute,
      message: i % 10 === 3 ? `ERROR request ${i} failed: database is locked` : `INFO request ${i} served`,
    }));
    await logs.send(new PutLogEventsCommand({ ...place, logEvents }));
  }
  logs.destroy();
}

describe.skipIf(program === undefined)(`CloudWatch of moto${peerReason('moto')}`, () => {
  testSources('CloudWatch of moto', ['metrics', 'logs'], async () => {
    const moto = await startMoto();
    const cloudwatch = openCloudWatch({ clock: systemClock }, { region, url: moto.url });
    return {
      sources: {
        metrics: createCloudWatchMetrics({ clock: systemClock, cloudwatch }, { namespaces: ['Shop'] }),
        logs: createCloudWatchLogs({ clock: systemClock, cloudwatch }, { groups: [{ name: '/ecs/shop/*' }] }),
      },
      window: { from: isoOf(from), to: isoOf(to) },
      close: async () => {
        cloudwatch.close();
        await moto.stop();
      },
    };
  });

  describe('ingest', () => {
    let moto: RunningPeer;
    const open = () => openCloudWatch({ clock: systemClock }, { region, url: moto.url, attempts: 2 });
    beforeAll(async () => {
      moto = await startMoto();
    });
    afterAll(async () => {
      await moto.stop();
      vi.unstubAllEnvs();
    });

    it('reads metrics side by side into hour partitions that read back the same', async () => {
      const cloudwatch = open();
      const range = { from, to, stepMs: 5 * minute };
      const table = await readLiveCloudWatch(
        { clock: systemClock, cloudwatch },
        'cloudwatch:Shop?ServiceName=check*',
        range,
      );
      expect([table.names, table.entities]).toEqual([['CPUUtilization', 'RequestCount'], ['checkout']]);
      // Periods are aligned to the clock, so the first may be short.
      const whole = table.at.findIndex((at) => at > from);
      const first = (table.at[whole]! - from) / minute;
      const values = Array.from({ length: 10 }, (_, i) => first * 2 + i);
      const sum = values.reduce((left, right) => left + right);
      expect([table.values[0]![whole], table.values[1]![whole]]).toEqual([sum / 10, sum]);
      const folder = mkdtempSync(join(tmpdir(), 'cerebro-cloudwatch-'));
      await writePartitions(table, folder, { by: 'hour' });
      expect(readdirSync(join(folder, 'entity=checkout'))[0]).toMatch(/^day=\d{4}-/);
      const back = await readFiles(folder);
      expect([back.names, [...back.at], back.values.map((one) => [...one])]).toEqual([
        [...table.names],
        [...table.at],
        table.values.map((one) => [...one]),
      ]);
      cloudwatch.close();
    });

    it('counts lines of log groups', async () => {
      const cloudwatch = open();
      const table = await readLiveCloudWatch({ clock: systemClock, cloudwatch }, 'cloudwatch-logs:/ecs/shop/*', {
        from,
        to,
        stepMs: 30 * minute,
      });
      const of = (name: string): number[] => {
        const column = table.values[table.names.indexOf(name)]!;
        return table.entities.map((_, entity) =>
          column.reduce((sum, value, row) => sum + (table.entityOf[row] === entity ? value : 0), 0),
        );
      };
      expect([table.entities, of('lines'), of('errors')]).toEqual([
        ['/ecs/shop/checkout', '/ecs/shop/gateway'],
        [25, 25],
        [3, 3],
      ]);
      cloudwatch.close();
    });

    it('tells the unit in which a metric was given', async () => {
      const client = new CloudWatchClient({ region, endpoint: moto.url });
      const Dimensions = [{ Name: 'FunctionName', Value: 'pay' }];
      const given = { MetricName: 'Duration', Dimensions, Unit: 'Milliseconds' as const, Value: 12 };
      await client.send(
        new PutMetricDataCommand({ Namespace: 'Fn', MetricData: [{ ...given, Timestamp: new Date(from + minute) }] }),
      );
      client.destroy();
      const cloudwatch = open();
      const metric = { namespace: 'Fn', name: 'Duration', dimensions: { FunctionName: 'pay' } };
      expect(await cloudwatch.readUnit(metric, { from, to })).toBe('Milliseconds');
      cloudwatch.close();
    });

    it("makes a typed error of moto's page for a statistic that it does not know", async () => {
      const cloudwatch = open();
      const metric = { namespace: 'Shop', name: 'CPUUtilization', dimensions: { ServiceName: 'checkout' } };
      await expect(
        cloudwatch.readMetrics([{ metric, statistic: 'p99' }], { from, to, periodSeconds: 60 }),
      ).rejects.toMatchObject({ code: 'BACKEND_MALFORMED', message: expect.stringMatching(/no AWS answer/) });
      await expect(
        readLiveCloudWatch({ clock: systemClock, cloudwatch }, 'cloudwatch:Absent', { from, to, stepMs: minute }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
      cloudwatch.close();
    });
  });
});
