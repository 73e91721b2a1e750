import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoOf, systemClock } from '../../infra/runtime/clock.ts';
import { freePort } from '../../infra/runtime/free-port.ts';
import { listenLocally } from '../sources/listen-locally.ts';
import { createPrometheus } from '../sources/prometheus.ts';
import { createCheckAlerts } from './check-alerts.ts';
import type { ToolSession } from '../client.ts';

const session: ToolSession = { run: 'r', caller: 'test', principal: { id: 'p', kind: 'system', roles: [] } };

const isInstalled = spawnSync('prometheus', ['--version']).status === 0;

const rules = `groups:
- name: made-up
  rules:
  - { alert: BoilerGone, expr: 'up{job="gone"} == 0', labels: { severity: critical } }
  - { alert: BoilerHot, expr: 'boiler_heat_celsius / 100 > 0.9', labels: { severity: warning } }
  - { alert: BoilerCold, expr: 'boiler_heat_celsius < 5' }
`;

describe.skipIf(!isInstalled)(
  'firing alerts of a real Prometheus (skipped where the binary `prometheus` is not installed)',
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'prometheus-rules-'));
    const target = createServer((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end('# TYPE boiler_heat_celsius gauge\nboiler_heat_celsius 97\n');
    });
    let child: ChildProcess;
    let url: string;
    beforeAll(async () => {
      const host = new URL(await listenLocally(target)).host;
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      writeFileSync(join(dir, 'rules.yml'), rules);
      writeFileSync(
        join(dir, 'config.yml'),
        `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }\nrule_files: [rules.yml]\nscrape_configs:\n  - { job_name: boiler, static_configs: [{ targets: ['${host}'] }] }\n  - { job_name: gone, static_configs: [{ targets: ['127.0.0.1:1'] }] }\n`,
      );
      child = spawn(
        'prometheus',
        [
          `--config.file=${dir}/config.yml`,
          `--storage.tsdb.path=${dir}/data`,
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        { stdio: 'ignore' },
      );
      const source = createPrometheus({ clock: systemClock }, { url });
      for (let attempt = 0; attempt < 150; attempt += 1) {
        const found = await source.alerts?.().catch(() => undefined);
        if (found?.status === 'ok' && found.items.length === 2) break;
        await delay(200);
      }
      // Some samples after the crossing.
      await delay(4_000);
    }, 60_000);
    afterAll(async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      target.close();
      target.closeAllConnections();
      rmSync(dir, { recursive: true, force: true });
    });

    it('are told by their own series against their lines, at whom their labels name', async () => {
      const metrics = createPrometheus({ clock: systemClock }, { url });
      const tool = createCheckAlerts({ sources: { metrics }, clock: systemClock });
      const now = systemClock.now();
      const result = await tool.run(
        { window: { from: isoOf(now - 60_000), to: isoOf(now) } },
        {
          session,
          signal: new AbortController().signal,
        },
      );
      const found = result.status === 'ok' ? result.output.findings : [];
      expect(found.map(({ entity, statement }) => [entity, statement])).toEqual([
        [
          'service:gone',
          'alert BoilerGone at gone fires: it fires as soon as up with job gone is 0 (not up); now it is 0',
        ],
        [
          'service:boiler',
          'alert BoilerHot at boiler fires: it fires as soon as boiler heat is above 90 °C; now it is 97 °C',
        ],
      ]);
    });
  },
);
