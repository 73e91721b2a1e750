import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type App, openApp } from '../app.ts';
import { configSchema } from '../config.ts';
import { freePort } from '../infra/runtime/free-port.ts';
import { createRandom } from '../infra/runtime/random.ts';
import { listenLocally } from '../tools/sources/listen-locally.ts';
import type { Watch } from './watch.ts';

const isInstalled = spawnSync('prometheus', ['--version']).status === 0;
const services = ['billing', 'mailer', 'reports'];
/** Points before, so that streams can be as sure as the threshold asks. */
const warmUp = 150;

/** Made-up services whose requests take about 50 ms, and `slower` times as long when told; queues that do nothing. */
function createExporters(): { servers: Server[]; scrapes(): number; slower(factor: number): void } {
  const random = createRandom('exporters');
  let factor = 1;
  let scrapes = 0;
  const servers = services.map((_, index) => {
    let [count, sum] = [0, 0];
    return createServer((_request, response) => {
      if (index === 0) scrapes += 1;
      const calls = 40 + random.integer(10);
      count += calls;
      sum += calls * factor * (0.05 + 0.004 * random.next());
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(
        [
          '# TYPE job_duration_seconds summary',
          `job_duration_seconds_sum ${sum}`,
          `job_duration_seconds_count ${count}`,
          '# TYPE queue_depth gauge',
          `queue_depth ${3 + random.integer(3)}`,
          '',
        ].join('\n'),
      );
    });
  });
  return { servers, scrapes: () => scrapes, slower: (next) => void (factor = next) };
}

describe.skipIf(!isInstalled)(
  'the standing watch on a real Prometheus without alert rules (skipped where the binary `prometheus` is not installed)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'cerebro-watch-'));
    const exporters = createExporters();
    const answered: string[] = [];
    let prometheus: ChildProcess;
    let watching: App;
    let watch: Watch | undefined;
    /** The same product on the same data, but streams may never open anything. */
    let deaf: App;
    /** And one whose budget is spent. */
    let broke: App;

    beforeAll(async () => {
      const urls = await Promise.all(exporters.servers.map((server) => listenLocally(server)));
      const jobs = services.map(
        (name, index) =>
          `  - job_name: ${name}\n    static_configs: [{ targets: ['${new URL(urls[index] ?? '').host}'] }]\n`,
      );
      writeFileSync(
        join(folder, 'prometheus.yml'),
        `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs:\n${jobs.join('')}`,
      );
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      prometheus = spawn(
        'prometheus',
        [
          `--config.file=${join(folder, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        { stdio: 'ignore' },
      );
      await vi.waitUntil(async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.status === 200, {
        timeout: 60_000,
        interval: 100,
      });
      const open = (name: string, settings: object): Promise<App> =>
        openApp(
          configSchema.parse({
            dataDir: join(folder, name),
            logLevel: 'silent',
            sources: { prometheus: { url } },
            watch: settings,
          }),
        );
      watching = await open('watching', {});
      deaf = await open('deaf', { threshold: 1 });
      broke = await open('broke', { openingsPerHour: 0 });
      watch = watching.startWatch(({ thread }) => void answered.push(thread));
      deaf.startWatch();
      broke.startWatch();
    });

    afterAll(async () => {
      await Promise.all([watching, deaf, broke].map((app) => app.close()));
      prometheus.kill('SIGTERM');
      await new Promise((resolve) => prometheus.once('exit', resolve));
      for (const server of exporters.servers) {
        server.close();
        server.closeAllConnections();
      }
      rmSync(folder, { recursive: true, force: true });
    });

    it('opens nothing while nothing happens', { timeout: 400_000 }, async () => {
      await vi.waitUntil(() => exporters.scrapes() >= warmUp, { timeout: 390_000, interval: 500 });
      // Of each: how long a job takes, what is queued, and `up`.
      expect(watch?.streams().judged).toBe(3 * services.length);
      expect(watch?.stale()).toBeUndefined();
      expect(watching.investigations.list(9)).toEqual([]);
    });

    it('opens one investigation by the streams alone when all requests take 80 % longer, and asks about it', async () => {
      exporters.slower(1.8);
      await vi.waitUntil(() => watching.investigations.list(9).length > 0, { timeout: 60_000, interval: 500 });
      await vi.waitUntil(() => answered.length > 0, { timeout: 60_000, interval: 500 });
      const [opened, ...others] = watching.investigations.list(9);
      expect(others).toEqual([]);
      expect(opened).toMatchObject({ openedBy: 'watch', status: 'open' });
      expect(new Set(opened?.alerts.map(({ labels }) => labels['trigger']))).toEqual(new Set(['stream']));
      // On a busy machine scrapes time out as well, and `up` joins.
      expect(opened?.alerts.map(({ labels }) => labels['signal'])).toContain('job_duration_seconds');
      expect(answered[0]).toBe(opened?.id);
      const text = await watching.metrics.text();
      expect(text).toContain('cerebro_watch_openings_total{trigger="stream"} 1');
      expect(text).not.toContain('cerebro_watch_openings_total{trigger="finding"}');
    });

    it('would not have been woken by findings, and keeps to its budget', async () => {
      expect(deaf.investigations.list(9)).toEqual([]);
      await vi.waitUntil(
        async () => (await broke.metrics.text()).includes('cerebro_watch_openings_total{trigger="withheld"} 1'),
        { timeout: 30_000, interval: 500 },
      );
      expect(broke.investigations.list(9)).toEqual([]);
    });

    it('resolves it when the requests are as fast as before', async () => {
      exporters.slower(1);
      await vi.waitUntil(() => watching.investigations.list(9)[0]?.status === 'resolved', {
        timeout: 120_000,
        interval: 500,
      });
      expect(watch?.alarms()).toEqual([]);
      expect(watching.investigations.list(9)).toHaveLength(1);
    });
  },
);
