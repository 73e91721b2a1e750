import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { openApp } from '../app.ts';
import { renderAnswer } from '../bots/terminal/render-answer.ts';
import type { Config } from '../config.ts';
import { type LabProcess, startLab } from '../evals/lab-process.ts';
import { freePort } from '../infra/runtime/free-port.ts';
import { createRandom } from '../infra/runtime/random.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { announceProcess } from './process-file.ts';
import { hasSources } from './open-config.ts';
import { labConfig } from '../evals/lab-config.ts';

export interface StartOptions {
  quiet?: boolean;
  seed?: string;
}

/** Faults that show themselves within seconds, for the first look; any other can be injected from the lab's page. */
const firstFaults = [
  'pool-exhaustion',
  'database-lock',
  'bad-deploy-errors',
  'dependency-down',
  'network-latency',
  'n-plus-one',
];
const baselineMs = 25_000;

/** Runs the product until it is told to stop. Without sources the lab is started and watched, and one fault is injected after a baseline. */
export async function runStart(config: Config, options: StartOptions, say: (text: string) => void): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(signal)));
  const seed = options.seed === undefined ? systemClock.now() % 100_000 : Number(options.seed);
  let lab: LabProcess | undefined;
  let effective = config;
  if (!hasSources(config)) {
    const otlpPort = await freePort();
    const dir = join(config.dataDir, 'lab');
    mkdirSync(dir, { recursive: true });
    lab = await startLab({ dir, seed, otlpUrl: `http://127.0.0.1:${otlpPort}/v1/traces` });
    effective = labConfig(config, lab.observability, otlpPort);
  }
  const startedAt = systemClock.monotonic();
  let app: App | undefined;
  let forget: (() => void) | undefined;
  try {
    app = await openApp(effective);
    const doors = await app.openDoors(lab === undefined ? {} : { labPage: lab.page });
    forget = announceProcess(effective.dataDir, doors.url);
    say(`Cerebro is ready after ${((systemClock.monotonic() - startedAt) / 1000).toFixed(1)} s.\n`);
    say(`  console   ${doors.url}\n  MCP       ${doors.url}/mcp\n  alerts    ${doors.url}/hooks/alertmanager\n`);
    say(`  ask       npx --no cerebro ask "What is wrong?"\n`);
    if (lab !== undefined) {
      say(
        `  lab       ${lab.observability.scrape.length} services, seed ${seed}; inject and clear faults at ${lab.page}\n`,
      );
    }
    app.startWatch((answer) => {
      say(`\n${renderAnswer(answer, { width: 100, colours: process.stdout.isTTY })}\n`);
    });
    await app.resume();
    if (lab !== undefined && options.quiet !== true) await injectOne(lab, seed, stop.signal, say);
    await new Promise<void>((resolve) => {
      if (stop.signal.aborted) resolve();
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
  } finally {
    forget?.();
    await app?.close();
    await lab?.stop();
  }
}

async function injectOne(
  lab: LabProcess,
  seed: number,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  say(
    `\nThe services run undisturbed for ${baselineMs / 1000} s; then one fault is injected, and the watch should find it by itself.\n`,
  );
  await systemClock.sleep(baselineMs, signal);
  await lab.inject(createRandom(seed).pick(firstFaults));
  // What was injected is not said: finding out is the product's work, and the lab's page tells.
  say('A fault has been injected.\n');
}
