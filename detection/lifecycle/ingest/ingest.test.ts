import fc from 'fast-check';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { createHttpClient } from '../../../infra/runtime/http.ts';
import { countLogs } from './count-logs.ts';
import { parseLogLine } from './parse-log-line.ts';
import { readCloudWatchLogs, readCloudWatchMetrics } from './read-cloudwatch.ts';
import { readFiles } from './read-files.ts';
import { readOtlp } from './read-otlp.ts';
import { readPrometheus } from './read-prometheus.ts';
import { readTelemetry } from './read-telemetry.ts';
import { tableOfSeries } from './series-table.ts';
import { writePartitions } from './write-partitions.ts';

const noon = Date.UTC(2026, 0, 2, 12);

describe('writePartitions', () => {
  it('keeps hours apart and gives the same rows back, once however often they are written', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'cerebro-partitions-')), 'telemetry');
    const at = Array.from({ length: 130 }, (_, r) => noon + r * 60_000);
    const table = {
      ...tableOfSeries(
        't',
        ['a/b', 'c'].map((entity) => ({ entity, name: 'cpu', at, values: at.map((_, r) => (r === 5 ? NaN : r / 3)) })),
      ),
      labels: at.concat(at).map((_, r) => (r === 7 ? 'disk' : '')),
    };
    for (let time = 0; time < 2; time += 1)
      expect(await writePartitions(table, folder)).toEqual({ rows: 260, left: 0 });
    const back = await readFiles(folder);
    expect([back.names, back.entities, back.at.length]).toEqual([['cpu'], ['a/b', 'c'], 260]);
    expect([back.values[0], back.labels?.[7]]).toEqual([table.values[0], 'disk']);
  });
});

describe('readPrometheus', () => {
  it('asks in pieces that Prometheus allows and puts series of one instance side by side', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams;
      asked.push(`${query.get('start')}-${query.get('end')}`);
      const value = (metric: object, text: string) => ({ metric, values: [[Number(query.get('start')), text]] });
      response.end(
        JSON.stringify({
          status: 'success',
          data: {
            resultType: 'matrix',
            result: [
              value({ __name__: 'up', instance: 'a', mode: 'x' }, '1'),
              value({ __name__: 'up', instance: 'b' }, '+Inf'),
            ],
          },
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    const http = createHttpClient(
      { clock: systemClock },
      { name: 'prometheus', baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` },
    );
    const table = await readPrometheus(http, [{ query: 'up', from: 0, to: 12_000 * 1_000, stepMs: 1_000 }]);
    server.close();
    expect(asked).toEqual(['0-10999', '11000-12000']);
    expect([table.entities, table.names, table.at.length]).toEqual([['a', 'b'], ['up', 'up{mode=x}'], 4]);
    expect(table.values[0]).toEqual(Float64Array.from([NaN, NaN, Infinity, Infinity]));
  });
});

describe('readOtlp', () => {
  it('reads gauges, sums and histograms of several resources, one request a line', () => {
    const line = (host: string, metrics: object[]) =>
      JSON.stringify({
        resourceMetrics: [
          {
            resource: { attributes: [{ key: 'host.name', value: { stringValue: host } }] },
            scopeMetrics: [{ metrics }],
          },
        ],
      });
    const time = { timeUnixNano: `${noon}000000` };
    const text = [
      line('a', [
        {
          name: 'cpu',
          gauge: { dataPoints: [{ ...time, asDouble: 0.5, attributes: [{ key: 'core', value: { intValue: '1' } }] }] },
        },
      ]),
      line('b', [
        { name: 'requests', sum: { dataPoints: [{ ...time, asInt: '7' }], isMonotonic: true } },
        { name: 'latency', histogram: { dataPoints: [{ ...time, count: '3', sum: 1.5 }] } },
      ]),
    ].join('\n');
    const table = readOtlp(text, 'file', 60_000);
    expect([table.entities, table.names]).toEqual([
      ['a', 'b'],
      ['cpu{core=1}', 'latency:count', 'latency:sum', 'requests'],
    ]);
    expect(table.values.map((column) => column[1])).toEqual([NaN, 3, 1.5, 7]);
    expect(table.at[0]).toBe(noon);
    expect(() => readOtlp('{"a":1}', 'file', 1)).toThrow(/no OTLP/);
  });
});

describe('readTelemetry', () => {
  it('knows what a file holds by its name and content', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cerebro-telemetry-'));
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const logs = file('web.log', '2026-01-02 12:00:00 ERROR a\nno time\n2026-01-02 12:00:30 INFO b\n');
    expect(await readTelemetry(logs)).toMatchObject({
      names: ['errors', 'lines', 'warnings'],
      faults: [{ reason: '1 lines say no time' }],
    });
    const events = file(
      'e.json',
      JSON.stringify({ events: [{ timestamp: noon, message: 'WARN x', logStreamName: 's' }] }),
    );
    expect(await readTelemetry(events)).toMatchObject({ entities: ['s'], names: ['errors', 'lines', 'warnings'] });
    const stream = file(
      'm.jsonl',
      JSON.stringify({ metric_name: 'L', timestamp: noon, value: { max: 1, min: 1, sum: 1, count: 1 } }),
    );
    expect((await readTelemetry(stream)).names).toEqual(['L']);
    expect((await readTelemetry(file('v.csv', 'timestamp,v\n1,2\n'))).names).toEqual(['v']);
  });
});

describe('CloudWatch exports', () => {
  it('reads metric data, statistics and streams', () => {
    const data = {
      MetricDataResults: [
        {
          Id: 'm1',
          Label: 'CPUUtilization',
          Timestamps: ['2026-01-02T12:01:00Z', '2026-01-02T12:00:00Z'],
          Values: [2, 1],
        },
      ],
    };
    const table = readCloudWatchMetrics(JSON.stringify(data), 'x', 60_000);
    expect([table.names, [...table.values[0]!]]).toEqual([['CPUUtilization'], [1, 2]]);
    const statistics = {
      Label: 'Errors',
      Datapoints: [{ Timestamp: '2026-01-02T12:00:00+00:00', Sum: 4, Unit: 'Count' }],
    };
    expect([...readCloudWatchMetrics(JSON.stringify(statistics), 'x', 60_000).values[0]!]).toEqual([4]);
    const stream = {
      metric_name: 'Latency',
      dimensions: { InstanceId: 'i-1' },
      timestamp: noon,
      value: { max: 3, min: 1, sum: 8, count: 4 },
    };
    expect(readCloudWatchMetrics(`${JSON.stringify(stream)}\n${JSON.stringify(stream)}\n`, 'x', 60_000)).toMatchObject({
      entities: ['i-1'],
      values: [Float64Array.from([2])],
    });
    expect(() => readCloudWatchMetrics('{}', 'x', 1)).toThrow(/no export of CloudWatch/);
  });

  it('reads log events', () => {
    const [record] = readCloudWatchLogs(
      JSON.stringify({ events: [{ timestamp: noon, message: 'ERROR disk is full', logStreamName: 'web' }] }),
      'x',
    );
    expect(record).toMatchObject({ at: noon, level: 'error', source: 'web', message: 'ERROR disk is full' });
  });
});

describe('parseLogLine', () => {
  it('takes the usual forms apart', () => {
    for (const [line, expected] of [
      [
        '{"level":50,"time":1767355200000,"name":"shop","msg":"no stock","order":{"id":7}}',
        { level: 'error', source: 'shop', message: 'no stock', fields: { 'order.id': '7' } },
      ],
      [
        'ts=2026-01-02T12:00:00Z level=warn logger=db msg="slow \\"query\\"" ms=900',
        { level: 'warning', source: 'db', message: 'slow "query"', fields: { ms: '900' } },
      ],
      [
        '<165>1 2026-01-02T12:00:00.000Z host app 12 ID47 - started',
        { level: 'info', source: 'app', message: 'started' },
      ],
      [
        '<11>Jan  2 12:00:00 host sshd[77]: failed login',
        { level: 'error', source: 'sshd', message: 'failed login', fields: { process: '77' } },
      ],
      [
        'W0102 12:00:00.000000       1 node.go:12] not ready',
        { level: 'warning', message: 'not ready', fields: { place: 'node.go:12' } },
      ],
      [
        '10.0.0.1 - bob [02/Jan/2026:13:00:00 +0100] "GET /a?b=c HTTP/1.1" 503 12',
        { level: 'error', message: 'GET /a?b=c 503' },
      ],
      [
        '2026-01-02 12:00:00,000 ERROR [main] com.shop.Cart - no basket',
        { level: 'error', source: 'com.shop.Cart', message: 'no basket', fields: { thread: 'main' } },
      ],
      ['[2026-01-02T12:00:00Z] INFO started in 3 s', { level: 'info', message: 'started in 3 s' }],
      ['2026/01/02 12:00:00 [warn] upstream is slow', { level: 'warning', message: 'upstream is slow' }],
    ] as const) {
      const record = parseLogLine(line, { at: Date.UTC(2026, 5, 1) });
      expect(record).toMatchObject(expected);
      expect([line, record.at]).toEqual([line, noon]);
    }
    expect(parseLogLine('all is well', { at: 5, source: 's' })).toEqual({
      at: 5,
      level: 'unknown',
      source: 's',
      message: 'all is well',
      fields: {},
    });
  });

  it('never throws and stays quick, whatever the line', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (line) => typeof parseLogLine(line).message === 'string'),
      { numRuns: 200 },
    );
    for (const trap of ['['.repeat(8_000), '2026-01-01 00:00:00 '.repeat(400), 'a='.repeat(4_000), ' '.repeat(8_000)]) {
      const started = performance.now();
      parseLogLine(trap);
      expect(performance.now() - started).toBeLessThan(500);
    }
  });

  it('counts lines, errors and warnings of each source, silence included', () => {
    const record = (minute: number, level: 'error' | 'info') =>
      parseLogLine(`${level} x`, { at: noon + minute * 60_000, source: 'web' });
    const { table, left } = countLogs(
      [record(0, 'error'), record(0, 'info'), record(3, 'info'), parseLogLine('no time')],
      'logs',
      60_000,
    );
    expect([table.names, left]).toEqual([['errors', 'lines', 'warnings'], 1]);
    expect(table.values.map((column) => [...column])).toEqual([
      [0, 0, 0, 0],
      [2, 0, 0, 1],
      [0, 0, 0, 0],
    ]);
  });
});
