import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isoOf, systemClock } from '../../../infra/runtime/clock.ts';
import { silentLogger } from '../../../infra/runtime/logger.ts';
import { createMetrics } from '../../../infra/runtime/metrics.ts';
import { listenLocally } from '../listen-locally.ts';
import { openCollector } from './collector.ts';

const program = (folder: string, options: object): string => `
  const at = (name) => import(new URL(name, ${JSON.stringify(`file://${folder}/`)}));
  const [{ openCollector }, { systemClock }, { silentLogger }, { createMetrics }] = await Promise.all(
    ['collector.ts', '../../../infra/runtime/clock.ts', '../../../infra/runtime/logger.ts', '../../../infra/runtime/metrics.ts'].map(at));
  await openCollector({ clock: systemClock, logger: silentLogger, metrics: createMetrics() }, ${JSON.stringify(options)});
  console.log('ready');`;

it('loses and doubles no log line and keeps its metrics when it is killed again and again', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'killed-'));
  const path = join(dir, 'app.log');
  writeFileSync(path, '');
  const server = createServer((_request, response) => response.end('work_total 1\n'));
  const url = await listenLocally(server);
  const options = {
    dir: join(dir, 'data'),
    scrape: [{ job: 'app', url }],
    scrapeIntervalMs: 200,
    logs: [{ service: 'app', path }],
  };
  const from = systemClock.now();
  let written = 0;
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program(import.meta.dirname, options)]);
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', reject);
    });
    for (let step = 0; step < 30; step += 1) {
      for (let line = 0; line < 20; line += 1) {
        appendFileSync(path, `${JSON.stringify({ time: isoOf(systemClock.now()), msg: `line ${(written += 1)}` })}\n`);
      }
      await delay(50);
    }
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  const collector = await openCollector(
    { clock: systemClock, logger: silentLogger, metrics: createMetrics() },
    { ...options, scrapeIntervalMs: 0 },
  );
  await collector.poll();
  const window = { from: isoOf(from), to: isoOf(systemClock.now() + 60_000) };
  const logs = await collector.logs.search({ entities: [], window, limit: 100_000 });
  const numbers = logs.status === 'ok' ? logs.items.map((one) => Number(one.message.slice('line '.length))) : [];
  expect(numbers.sort((left, right) => left - right)).toEqual(
    Array.from({ length: written }, (_unused, index) => index + 1),
  );
  const up = await collector.metrics.query({ metrics: ['up'], entities: [], window, stepMs: 0, maxSeries: 10 });
  expect(up.status === 'ok' && up.items[0]!.samples.length).toBeGreaterThan(5);
  await collector.close();
  server.close();
  server.closeAllConnections();
  rmSync(dir, { recursive: true, force: true });
});
