import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../infra/runtime/clock.ts';
import { openDatabase } from '../../infra/runtime/database.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { createFakeAsker } from '../fake-asker.ts';
import { createAlertIntake } from './alert-intake.ts';
import { alertMigrations } from './alert-queue.ts';
import { createFakeAlertInvestigations } from './fake-alert-investigations.ts';

const urlOf = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
/** A process with nothing but the webhook; its worker never runs. */
const receiver = `
  const { fastify } = await import('fastify');
  const { openDatabase } = await import(${urlOf('../../infra/runtime/database.ts')});
  const { createAlertIntake } = await import(${urlOf('./alert-intake.ts')});
  const { alertMigrations } = await import(${urlOf('./alert-queue.ts')});
  const { silentLogger } = await import(${urlOf('../../infra/runtime/logger.ts')});
  const { createMetrics } = await import(${urlOf('../../infra/runtime/metrics.ts')});
  const { systemClock } = await import(${urlOf('../../infra/runtime/clock.ts')});
  const store = openDatabase(process.argv[1], alertMigrations);
  const intake = createAlertIntake({ store, metrics: createMetrics(), clock: systemClock, logger: silentLogger });
  const app = fastify();
  await app.register(intake.routes);
  process.stdout.write(await app.listen({ host: '127.0.0.1', port: 0 }) + '\\n');
`;

describe('alert intake under kill -9', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cerebro-alert-kill-'));
  const path = join(folder, 'alerts.db');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('works every alert that was answered with 200, once', async () => {
    const accepted: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', receiver, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: new URL('../..', import.meta.url),
      });
      const [url] = await once(createInterface({ input: child.stdout }), 'line');
      for (let index = 0; index < 3; index += 1) {
        const name = `alert-${round}-${index}`;
        const body = JSON.stringify({ name, service: `service-${round}-${index}` });
        const reply = await fetch(`${String(url)}/hooks/alert`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        expect(reply.status).toBe(200);
        accepted.push(name);
      }
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const store = openDatabase(path, alertMigrations);
    const asker = createFakeAsker();
    const investigations = createFakeAlertInvestigations();
    const deps = { store, asker, investigations, metrics: createMetrics(), clock: systemClock, logger: silentLogger };
    const intake = createAlertIntake(deps, { groupWindowMs: 0 });
    await intake.tick();
    await intake.tick();
    store.close();
    const asked = asker.asked.map(({ question }) => question.alert?.name);
    expect(asked).toHaveLength(accepted.length);
    expect(new Set(asked)).toEqual(new Set(accepted));
    expect(investigations.all.size).toBe(accepted.length);
  });
});
