import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isoOf, systemClock } from '../../infra/runtime/clock.ts';
import { openDatabase } from '../../infra/runtime/database.ts';
import { freePort } from '../../infra/runtime/free-port.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { createSecret } from '../../infra/runtime/secret.ts';
import { createFakeAsker } from '../fake-asker.ts';
import { createAlertIntake } from './alert-intake.ts';
import { alertMigrations } from './alert-queue.ts';
import { createFakeAlertInvestigations } from './fake-alert-investigations.ts';

const binary = ['prometheus-alertmanager', 'alertmanager'].find((name) => spawnSync(name, ['--version']).status === 0);
const reason = 'no prometheus-alertmanager on this machine (Debian: apt-get install prometheus-alertmanager)';

describe.skipIf(binary === undefined)(
  binary === undefined ? `real Alertmanager (skipped: ${reason})` : 'real Alertmanager',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'cerebro-alertmanager-'));
    const asker = createFakeAsker();
    const investigations = createFakeAlertInvestigations();
    const metrics = createMetrics();
    const store = openDatabase(':memory:', alertMigrations);
    const intake = createAlertIntake(
      { store, asker, investigations, metrics, clock: systemClock, logger: silentLogger },
      { token: createSecret('hook-token'), groupWindowMs: 100, pollMs: 50 },
    );
    let app: FastifyInstance;
    let alertmanager: ChildProcess;
    let url = '';

    beforeAll(async () => {
      app = fastify();
      await app.register(intake.routes);
      const hook = await app.listen({ host: '127.0.0.1', port: 0 });
      const config = join(folder, 'alertmanager.yml');
      writeFileSync(config, configOf(`${hook}/hooks/alertmanager`));
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      alertmanager = spawn(
        binary ?? '',
        [
          `--config.file=${config}`,
          `--storage.path=${folder}`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--cluster.listen-address=',
        ],
        { stdio: 'ignore' },
      );
      await intake.start();
      await vi.waitUntil(async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.status === 200, {
        timeout: 20_000,
        interval: 50,
      });
    });

    afterAll(async () => {
      alertmanager.kill('SIGKILL');
      await intake.stop();
      await app.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const raise = async (
      labels: Record<string, string>,
      times: { startsAt: string; endsAt?: string },
    ): Promise<void> => {
      const body = JSON.stringify([{ labels, annotations: { summary: 'checkout answers slowly' }, ...times }]);
      const reply = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(reply.status).toBe(200);
    };
    const found = () => [...investigations.all.values()];
    const labels = { alertname: 'CheckoutSlow', service: 'checkout', severity: 'page' };
    const startsAt = isoOf(systemClock.now() - 60_000);

    it('fires: one investigation, asked about without anybody asking', async () => {
      await raise(labels, { startsAt, endsAt: isoOf(systemClock.now() + 600_000) });
      await expect
        .poll(found, { timeout: 20_000 })
        .toMatchObject([{ title: 'alert CheckoutSlow on checkout', alerts: [{ status: 'firing' }] }]);
      await expect
        .poll(() => asker.asked, { timeout: 5_000 })
        .toMatchObject([{ question: { alert: { name: 'CheckoutSlow', startsAt } } }]);
    });

    it('repeats its notifications: still one', async () => {
      const duplicates = async (): Promise<number> =>
        Number(/result="duplicate"} (\d+)/.exec(await metrics.text())?.[1] ?? 0);
      await expect.poll(duplicates, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
      expect(investigations.all.size).toBe(1);
      expect(asker.asked).toHaveLength(1);
    });

    it('takes a second alert of the group into the same investigation', async () => {
      await raise({ ...labels, severity: 'warning' }, { startsAt, endsAt: isoOf(systemClock.now() + 600_000) });
      await expect.poll(() => found()[0]?.alerts.length, { timeout: 20_000 }).toBe(2);
      expect(investigations.all.size).toBe(1);
    });

    it('resolves: the investigation is marked', async () => {
      await raise(labels, { startsAt, endsAt: isoOf(systemClock.now() - 1_000) });
      await raise({ ...labels, severity: 'warning' }, { startsAt, endsAt: isoOf(systemClock.now() - 1_000) });
      await expect.poll(() => found()[0]?.resolved, { timeout: 20_000 }).toBe(true);
      expect(found()[0]?.alerts.every(({ status, endsAt }) => status === 'resolved' && endsAt !== undefined)).toBe(
        true,
      );
      expect(asker.asked).toHaveLength(1);
    });
  },
);

function configOf(hook: string): string {
  return [
    'route:',
    '  receiver: cerebro',
    '  group_by: [alertname]',
    '  group_wait: 200ms',
    '  group_interval: 1s',
    '  repeat_interval: 1s',
    'receivers:',
    '  - name: cerebro',
    '    webhook_configs:',
    `      - url: ${hook}`,
    '        send_resolved: true',
    '        http_config: { authorization: { type: Bearer, credentials: hook-token } }',
    '',
  ].join('\n');
}
