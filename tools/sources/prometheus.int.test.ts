import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoOf, systemClock } from '../../infra/runtime/clock.ts';
import { freePort } from '../../infra/runtime/free-port.ts';
import { listenLocally } from './listen-locally.ts';
import { createPrometheus } from './prometheus.ts';
import type { MetricSource } from './source.ts';
import { testSources } from './sources.conformance.ts';

const isInstalled = spawnSync('prometheus', ['--version']).status === 0;

interface Running {
  url: string;
  source: MetricSource;
  window: { from: string; to: string };
  stop(): Promise<void>;
}

/** A real server that scraped two targets for some seconds and now only answers. */
async function startPrometheus(): Promise<Running> {
  const dir = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const count = { served: 0 };
  const targets: Server[] = ['checkout', 'gateway'].map(() =>
    createServer((_request, response) => {
      count.served += 1;
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(
        `# HELP shop_orders_total Orders.\n# TYPE shop_orders_total counter\nshop_orders_total{path="/a\\"b"} ${count.served}\n# TYPE shop_wait_seconds histogram\nshop_wait_seconds_bucket{le="+Inf"} ${count.served}\nshop_wait_seconds_sum 1\nshop_wait_seconds_count ${count.served}\nshop_odd NaN\n`,
      );
    }),
  );
  const [checkout, gateway] = await Promise.all(targets.map((target) => listenLocally(target)));
  const job = (name: string, url: string | undefined): string =>
    `  - job_name: ${name}\n    static_configs: [{ targets: ['${new URL(url ?? '').host}'] }]\n`;
  writeFileSync(
    join(dir, 'config.yml'),
    `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs:\n${job('checkout', checkout)}${job('gateway', gateway)}`,
  );
  const port = await freePort();
  const from = isoOf(systemClock.now() - 1_000);
  const child = spawn(
    'prometheus',
    [`--config.file=${dir}/config.yml`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 100 && count.served < 8; attempt += 1) await delay(100);
  return {
    url,
    source: createPrometheus({ clock: systemClock }, { url }),
    window: { from, to: isoOf(systemClock.now()) },
    stop: async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      for (const target of targets) {
        target.close();
        target.closeAllConnections();
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

if (isInstalled) {
  testSources('a real Prometheus', ['metrics'], async () => {
    const running = await startPrometheus();
    return { sources: { metrics: running.source }, window: running.window, close: () => running.stop() };
  });
}

describe.skipIf(!isInstalled)(
  'Prometheus, the real server (skipped where the binary `prometheus` is not installed)',
  () => {
    let running: Running;
    beforeAll(async () => {
      running = await startPrometheus();
    });
    afterAll(() => running.stop());

    it('gives raw samples with types and units by what the targets declared', async () => {
      const { source, window } = running;
      const result = await source.query({
        metrics: ['shop_*'],
        entities: ['service:checkout'],
        window,
        stepMs: 0,
        maxSeries: 100,
      });
      const items = result.status === 'ok' ? result.items : [];
      expect(items.map((one) => [one.metric, one.type, one.unit])).toEqual([
        ['shop_orders_total', 'counter', undefined],
        ['shop_wait_seconds_bucket', 'histogram', 'seconds'],
        ['shop_wait_seconds_count', 'histogram', undefined],
        ['shop_wait_seconds_sum', 'histogram', 'seconds'],
      ]);
      expect(items[0]?.labels['path']).toBe('/a"b');
      expect(items[0]?.samples.length).toBeGreaterThan(2);
    });

    it('evaluates checked expressions and refuses what is none before sending it', async () => {
      const { source, window } = running;
      const sum = await source.expression?.('sum by (job) (up)', window, 1_000);
      expect(sum?.status === 'ok' && sum.items.map((one) => one.entity)).toEqual([
        'service:checkout',
        'service:gateway',
      ]);
      await expect(source.expression?.('sum by (', window, 1_000)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      await expect(source.expression?.('rate(up)', window, 1_000)).rejects.toMatchObject({ code: 'BACKEND_REJECTED' });
    });
  },
);
