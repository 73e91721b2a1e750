import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, isoOf, msOf } from '../../infra/runtime/clock.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { createRedactor } from '../../infra/runtime/redact.ts';
import { expect } from 'vitest';
import { dumpCollector } from './capsule/dump-collector.ts';
import { openCapsule } from './capsule/open-capsule.ts';
import { createRecorder } from './capsule/recorder.ts';
import { writeCapsule } from './capsule/write-capsule.ts';
import { createChangeFeed } from './change-feed.ts';
import { openCollector } from './collector/collector.ts';
import type { Collector } from './collector/collector.ts';
import { createDataSources, loadersOf } from './data-sources.ts';
import { createExampleData, exampleWindow } from './example-data.ts';
import { sourceKinds } from './intercept-sources.ts';
import { listenLocally } from './listen-locally.ts';
import { mergeSources } from './merge-sources.ts';
import { testSources } from './sources.conformance.ts';
import type { SourceFixture } from './sources.conformance.ts';

const data = createExampleData();
const window = exampleWindow;
const plain = createDataSources(loadersOf(data), 'example');
const nothing = (): Promise<void> => Promise.resolve();

testSources('plain data', sourceKinds, async () => ({ sources: plain, window, close: nothing }));
testSources('a recorder', sourceKinds, async () => ({
  sources: createRecorder(plain).sources,
  window,
  close: nothing,
}));
testSources('a merge of two', sourceKinds, async () => {
  const half = createDataSources(
    loadersOf({ ...data, logs: data.logs.slice(1), metrics: data.metrics.slice(1) }),
    'half',
  );
  const other = createDataSources(loadersOf({ ...data, logs: data.logs.slice(0, 1), spans: [] }), 'other');
  return { sources: mergeSources([half, other]), window, close: nothing };
});
testSources('a capsule', sourceKinds, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'capsule-'));
  writeCapsule(dir, { manifest: { title: 'example', created: window.from, window }, data }, createRedactor('key'));
  const { sources } = await openCapsule(dir);
  return { sources, window, close: async () => rmSync(dir, { recursive: true }) };
});

async function openExampleCollector(): Promise<SourceFixture & { collector: Collector }> {
  const dir = mkdtempSync(join(tmpdir(), 'collector-'));
  const clock = createFakeClock(window.from);
  const server = createServer((_request, response) =>
    response.end('# TYPE work_total counter\nwork_total{kind="a"} 1\nbusy 3\n'),
  );
  const url = await listenLocally(server);
  const logs = ['gateway', 'checkout'].map((service) => ({ service, path: join(dir, `${service}.log`) }));
  for (const { service, path } of logs) {
    const own = data.logs.filter((record) => record.entity === `service:${service}`);
    writeFileSync(
      path,
      own.map(({ at, level, message }) => `${JSON.stringify({ time: at, level, msg: message })}\n`).join(''),
    );
  }
  const collector = await openCollector(
    { clock, logger: silentLogger, metrics: createMetrics() },
    { dir, scrape: ['gateway', 'checkout'].map((job) => ({ job, url })), scrapeIntervalMs: 0, logs },
  );
  for (let round = 0; round < 3; round += 1) {
    await collector.poll();
    clock.advance(1_000);
  }
  const resourceSpans = data.spans.map(
    ({ traceId, spanId, parentId, entity, kind, startMs, durationMs, status, attributes }) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: entity.slice('service:'.length) } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId,
              spanId,
              parentSpanId: parentId ?? '',
              name: 'POST /orders',
              kind: kind === 'client' ? 3 : 2,
              startTimeUnixNano: `${startMs}000000`,
              endTimeUnixNano: `${startMs + durationMs}000000`,
              attributes: Object.entries(attributes).map(([key, value]) => ({
                key,
                value: { stringValue: String(value) },
              })),
              status: status === 'error' ? { code: 2 } : {},
            },
          ],
        },
      ],
    }),
  );
  const headers = { 'content-type': 'application/json' };
  await fetch(`${collector.otlpUrl}/v1/traces`, { method: 'POST', headers, body: JSON.stringify({ resourceSpans }) });
  return {
    collector,
    sources: collector,
    window,
    close: async () => {
      await collector.close();
      server.close();
      server.closeAllConnections();
      rmSync(dir, { recursive: true });
    },
  };
}

const collected = ['metrics', 'logs', 'traces', 'topology'] as const;
testSources('the collector', collected, openExampleCollector);
testSources('a capsule of all that a collector holds', collected, async () => {
  const fixture = await openExampleCollector();
  const { collector } = fixture;
  const dir = mkdtempSync(join(tmpdir(), 'dump-'));
  const manifest = { title: 'example', created: window.from };
  await dumpCollector(collector, window, dir, { manifest, redactor: createRedactor('key') });
  const { sources } = await openCapsule(dir);
  const all = { metrics: [], entities: [], window, stepMs: 0, maxSeries: 1_000 };
  expect(await sources.metrics?.query(all)).toEqual(await collector.metrics.query(all));
  await fixture.close();
  return { sources, window, close: async () => rmSync(dir, { recursive: true }) };
});

testSources('a change feed', ['changes'], async () => {
  const entries = data.changes.map(({ entity, ...rest }) => ({
    ...rest,
    service: entity?.slice('service:'.length),
    odd: 1,
  }));
  const server = createServer((request, response) => {
    const since = msOf(new URL(request.url ?? '', 'http://feed').searchParams.get('since') ?? isoOf(0));
    response.end(JSON.stringify([...entries.filter((one) => msOf(one.at) >= since), { id: 'broken' }, null]));
  });
  const url = await listenLocally(server);
  return {
    sources: { changes: createChangeFeed({ clock: createFakeClock(window.to) }, { url: `${url}/changes` }) },
    window,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
});
