import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, isoOf } from '../../../infra/runtime/clock.ts';
import { silentLogger } from '../../../infra/runtime/logger.ts';
import { createMetrics } from '../../../infra/runtime/metrics.ts';
import { listenLocally } from '../listen-locally.ts';
import { openCollector } from './collector.ts';
import type { Collector, CollectorOptions } from './collector.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');
const window = { from: isoOf(start), to: isoOf(start + 600_000) };
const everything = { metrics: [], entities: [], window, stepMs: 0, maxSeries: 1_000 };

describe('collector', () => {
  let dir: string;
  let page = '';
  let status = 200;
  let url = '';
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(page);
  });
  const opened: Collector[] = [];
  const clock = createFakeClock(start);
  let metrics = createMetrics();

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'collector-'));
    clock.advance(start - clock.now());
    metrics = createMetrics();
    status = 200;
    url = `${await listenLocally(server)}/metrics`;
  });
  afterEach(async () => {
    for (const collector of opened.splice(0)) await collector.close();
    await new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    rmSync(dir, { recursive: true, force: true });
  });

  async function open(options: Partial<CollectorOptions> = {}): Promise<Collector> {
    const collector = await openCollector(
      { clock, logger: silentLogger, metrics },
      { dir, scrape: [{ job: 'checkout', url }], scrapeIntervalMs: 0, logs: [], ...options },
    );
    opened.push(collector);
    return collector;
  }

  it('keeps scraped series with their types, units and labels, and says up', async () => {
    const collector = await open();
    page =
      '# HELP jobs_total Jobs.\n# TYPE jobs_total counter\njobs_total{kind="a\\"b"} 3\n# TYPE wait_seconds histogram\nwait_seconds_bucket{le="+Inf"} 2\nwait_seconds_sum 0.5\nwait_seconds_count 2\nrot rot rot\n';
    await collector.poll();
    clock.advance(1_000);
    page = page.replace('} 3', '} 5');
    await collector.poll();
    const result = await collector.metrics.query({ ...everything, metrics: ['jobs_*', 'wait_seconds_sum', 'up'] });
    expect(result).toMatchObject({ status: 'ok', truncated: false });
    expect(result.status === 'ok' && result.items).toMatchObject([
      {
        metric: 'jobs_total',
        type: 'counter',
        entity: 'service:checkout',
        labels: { kind: 'a"b' },
        samples: [
          [start, 3],
          [start + 1_000, 5],
        ],
      },
      {
        metric: 'up',
        type: 'gauge',
        samples: [
          [start, 1],
          [start + 1_000, 1],
        ],
      },
      { metric: 'wait_seconds_sum', type: 'histogram', unit: 'seconds' },
    ]);
    expect(await metrics.text()).toContain('cerebro_collector_dropped_total{signal="metrics",reason="malformed"} 2');
  });

  it('says up 0 and keeps nothing else while a target fails', async () => {
    const collector = await open();
    status = 500;
    await collector.poll();
    const result = await collector.metrics.query(everything);
    expect(result.status === 'ok' && result.items.map((one) => [one.metric, one.samples[0]?.[1]])).toContainEqual([
      'up',
      0,
    ]);
  });

  it('serves after a restart what it had collected, also when it was never closed', async () => {
    const first = await open();
    page = 'a 1\nb 2\n';
    await first.poll();
    const before = await first.metrics.query({ ...everything, metrics: ['a', 'b'] });
    // A second handle on the same files stands for a process that was killed: nothing was closed.
    const second = await open();
    expect(await second.metrics.query({ ...everything, metrics: ['a', 'b'] })).toEqual(before);
  });

  it('drops what is older than its retention', async () => {
    const collector = await open({ retentionMs: 60_000 });
    page = 'a 1\n';
    await collector.poll();
    clock.advance(61_000);
    await collector.poll();
    const result = await collector.metrics.query({ ...everything, metrics: ['a'] });
    expect(result.status === 'ok' && result.items[0]?.samples).toEqual([[start + 61_000, 1]]);
  });

  it('stays within its bytes by dropping the oldest', async () => {
    const collector = await open({ maxBytes: 600_000, logs: [{ service: 'checkout', path: join(dir, 'a.log') }] });
    for (let round = 0; round < 20; round += 1) {
      const lines = Array.from({ length: 500 }, (_unused, index) =>
        JSON.stringify({ time: isoOf(clock.now() + index), level: 'info', msg: `line ${index} ${'x'.repeat(100)}` }),
      );
      appendFileSync(join(dir, 'a.log'), `${lines.join('\n')}\n`);
      clock.advance(1_000);
      await collector.poll();
    }
    const result = await collector.logs.search({ entities: [], window, limit: 100_000 });
    expect(result.status === 'ok' && result.items.length).toBeLessThan(5_000);
    expect(result.status === 'ok' && result.items.at(-1)?.at).toBe(isoOf(start + 19_499));
  });

  it('reads logs across rotation, partial lines and junk, and doubles nothing after a restart', async () => {
    const path = join(dir, 'app.log');
    const logs = [{ service: 'checkout', path }];
    const line = (at: number, msg: string): string =>
      `${JSON.stringify({ time: isoOf(at), level: 'error', msg, trace_id: 't1', extra: 7 })}\n`;
    writeFileSync(path, line(start + 20, 'second') + line(start + 10, 'first'));
    const collector = await open({ logs });
    await collector.poll();
    const half = line(start + 30, 'third');
    appendFileSync(
      path,
      Buffer.concat([
        Buffer.from([0, 1, 2, 0xff, 0xfe, 10]),
        Buffer.from('Killed: out of memory\n{"cut": tru\n'),
        Buffer.from(half.slice(0, 20)),
      ]),
    );
    await collector.poll();
    appendFileSync(path, half.slice(20));
    await collector.poll();
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, line(start + 35, 'late in the old file'));
    writeFileSync(path, `${'y'.repeat(2_000_000)}\n${line(start + 40, 'fourth')}`);
    await collector.poll();
    await collector.close();
    const again = await open({ logs });
    await again.poll();
    const result = await again.logs.search({ entities: ['service:checkout'], window, minLevel: 'error', limit: 10 });
    expect(result.status === 'ok' && result.items.map((record) => record.message)).toEqual([
      'first',
      'second',
      'third',
      'late in the old file',
      'fourth',
    ]);
    expect(result.status === 'ok' && result.items[0]).toEqual({
      at: isoOf(start + 10),
      entity: 'service:checkout',
      level: 'error',
      message: 'first',
      fields: { extra: 7 },
      traceId: 't1',
    });
    const all = await again.logs.search({ entities: [], window, limit: 10 });
    expect(all.status === 'ok' && all.items.map((record) => record.message)).toContain('Killed: out of memory');
    const text = await metrics.text();
    for (const reason of ['binary', 'malformed', 'oversized'])
      expect(text).toContain(`{signal="logs",reason="${reason}"} 1`);
  });

  it('follows text logs of several forms by a glob, joins what belongs together, and tells whose they are', async () => {
    mkdirSync(join(dir, 'nginx'));
    const collector = await open({ logs: [{ path: join(dir, '**/*.log') }] });
    const stamp = isoOf(start + 40)
      .replace('T', ' ')
      .replace('Z', ' UTC');
    writeFileSync(
      join(dir, 'postgresql-15-main.log'),
      `${stamp} [7] ERROR:  deadlock detected\n${stamp} [7] STATEMENT:  UPDATE stock\n\tSET qty = 1\n`,
    );
    writeFileSync(
      join(dir, 'nginx', 'access.log'),
      '10.0.0.9 - - [01/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 502 0\n',
    );
    await collector.poll();
    appendFileSync(join(dir, 'postgresql-15-main.log'), `${stamp} [8] LOG:  next\n`);
    await collector.poll();
    const all = await collector.logs.search({ entities: [], window, limit: 10 });
    const items = all.status === 'ok' ? all.items : [];
    expect(items.map(({ entity, level, fields }) => `${entity} ${level} ${String(fields?.['status'])}`).sort()).toEqual(
      ['service:nginx error 502', 'service:postgresql error undefined', 'service:postgresql info undefined'],
    );
    expect(items.find(({ message }) => message.startsWith('deadlock'))?.message).toContain('SET qty = 1');
  });

  it('corrects the times of a log whose clock is off, and says so', async () => {
    const path = join(dir, 'app.log');
    writeFileSync(path, '');
    const collector = await open({ logs: [{ service: 'checkout', path }] });
    await collector.poll();
    for (let index = 0; index < 10; index += 1) {
      clock.advance(500);
      appendFileSync(path, `${JSON.stringify({ time: isoOf(clock.now() + 30_000), msg: `m${index}` })}\n`);
      await collector.poll();
    }
    const result = await collector.logs.search({
      entities: [],
      window: { from: isoOf(start), to: isoOf(start + 6_000) },
      limit: 100,
    });
    expect(result.status === 'ok' && result.items.length).toBe(10);
    expect(result.status === 'ok' && result.notes[0]).toMatch(/30\.\d s ahead/);
    expect(Math.abs(Date.parse(result.status === 'ok' ? result.items[0]!.at : '') - (start + 500))).toBeLessThan(500);
  });

  it('tells a broker, which counts both ends of a queue, from its publishers and consumers', async () => {
    const pages = new Map([
      ['bus', 'published_total{queue="orders"} 1\nconsumed_total{queue="orders"} 1\n'],
      ['mailer', 'consumed_total{queue="orders"} 1\n'],
    ]);
    const collector = await open({ scrape: [...pages.keys()].map((job) => ({ job, url })) });
    for (const job of pages.keys()) {
      page = pages.get(job) ?? '';
      await collector.poll();
      clock.advance(1_000);
    }
    const topology = await collector.topology.read({ from: isoOf(start), to: isoOf(start + 1_000) });
    expect(topology.status === 'ok' && topology.items[0]?.edges).toMatchObject([
      { from: 'queue:orders', to: 'service:bus', kind: 'runs-on' },
      { from: 'queue:orders', to: 'service:mailer', kind: 'runs-on' },
    ]);
    const later = await collector.topology.read({ from: isoOf(start + 1_000), to: isoOf(start + 2_000) });
    expect(later.status === 'ok' && later.items[0]?.edges).toMatchObject([
      { from: 'service:bus', to: 'queue:orders', kind: 'consumes' },
      { from: 'service:mailer', to: 'queue:orders', kind: 'consumes' },
    ]);
  });

  it('keeps a service apart from the queue and the database of its name', async () => {
    page = 'published_total{queue="orders"} 1\n';
    const collector = await open({ scrape: [{ job: 'orders', url }] });
    await collector.poll();
    const span = (service: string, spanId: string, kind: number, attributes: Record<string, string>): object => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: 'a'.repeat(32),
              spanId: spanId.repeat(16),
              name: 'work',
              kind,
              startTimeUnixNano: `${start + 5}000000`,
              endTimeUnixNano: `${start + 15}000000`,
              attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
            },
          ],
        },
      ],
    });
    await fetch(`${collector.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceSpans: [
          span('mailer', '1', 5, { 'messaging.destination.name': 'orders' }),
          span('orders', '2', 4, { 'messaging.destination.name': 'orders' }),
          span('orders', '3', 3, { 'db.system.name': 'postgresql', 'db.namespace': 'orders' }),
        ],
      }),
    });
    const topology = await collector.topology.read(window);
    expect(topology.status === 'ok' && topology.items[0]?.edges.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      ['service:mailer', 'queue:orders', 'consumes'],
      ['service:orders', 'database:orders', 'reads'],
      ['service:orders', 'queue:orders', 'publishes'],
    ]);
    const up = await collector.metrics.query({ ...everything, metrics: ['up'], entities: [] });
    expect(up.status === 'ok' && up.items.map(({ entity }) => entity)).toEqual(['service:orders']);
  });

  it('receives spans, keeps traces whole, and draws the topology from them and from metric labels', async () => {
    page = 'http_client_requests_total{peer="api.pay.example"} 1\ndb_client_operations_total{db="orders-db"} 4\n';
    const collector = await open({
      scrape: [
        { job: 'checkout', url },
        { job: 'orders-db', url },
      ],
    });
    await collector.poll();
    const span = (spanId: string, parentSpanId: string, kind: number, attributes: Record<string, string>): object => ({
      traceId: 'a'.repeat(32),
      spanId: spanId.repeat(16),
      ...(parentSpanId === '' ? {} : { parentSpanId: parentSpanId.repeat(16) }),
      name: 'work',
      kind,
      startTimeUnixNano: `${start + 5}000000`,
      endTimeUnixNano: `${start + 15}500000`,
      attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      status: spanId === '3' ? { code: 2, message: 'boom' } : {},
    });
    const of = (service: string, spans: object[]): object => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [{ spans }],
    });
    const body = {
      resourceSpans: [
        of('gateway', [span('1', '', 2, {}), span('2', '1', 3, { 'server.address': '10.0.0.7' })]),
        of('checkout', [
          span('3', '2', 2, {}),
          span('4', '3', 3, { 'db.system.name': 'sqlite', 'db.namespace': 'orders-db', 'db.operation.name': 'INSERT' }),
        ]),
        of('bad', [{ traceId: 'x' }]),
      ],
    };
    const send = (type: string): Promise<Response> =>
      fetch(`${collector.otlpUrl}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(body),
      });
    expect(await (await send('application/json')).json()).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
    expect((await send('text/plain')).status).toBe(415);
    expect((await send('application/x-protobuf')).status).toBe(400);

    const found = await collector.traces.search({
      entities: ['service:checkout'],
      window,
      onlyErrors: true,
      limit: 100,
    });
    expect(found.status === 'ok' && found.items.map((one) => [one.entity, one.kind, one.durationMs])).toEqual([
      ['service:gateway', 'server', 10.5],
      ['service:gateway', 'client', 10.5],
      ['service:checkout', 'server', 10.5],
      ['service:checkout', 'client', 10.5],
    ]);
    const topology = await collector.topology.read(window);
    expect(
      topology.status === 'ok' &&
        topology.items[0]?.edges.map(({ from, to, kind, source }) => [from, to, kind, source]),
    ).toEqual([
      ['database:orders-db', 'external:api.pay.example', 'calls', 'metric-labels'],
      ['service:checkout', 'database:orders-db', 'reads', 'metric-labels'],
      ['service:checkout', 'database:orders-db', 'writes', 'spans'],
      ['service:checkout', 'external:api.pay.example', 'calls', 'metric-labels'],
      ['service:gateway', 'service:checkout', 'calls', 'spans'],
    ]);
    const up = await collector.metrics.query({ ...everything, metrics: ['up'], entities: ['service:orders-db'] });
    expect(up.status === 'ok' && up.items[0]?.entity).toBe('database:orders-db');
  });
});
