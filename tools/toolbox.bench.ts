import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../infra/runtime/clock.ts';
import { createFakeToolbox, fakeSession } from './fake-toolbox.ts';
import type { Tool } from './tool.ts';

const unlimited = { budget: { maxSteps: 1e9 }, loop: { maxRepeats: 1e9 }, rate: { perSecond: 1e9, burst: 1e9 } };

/** The whole way of an in-process call with all guards and stores on disk, around a tool that does nothing. Bar: p50 at most 0.2 ms. */
test('overhead of an in-process tool call', async ({ bench }) => {
  const folder = mkdtempSync(join(tmpdir(), 'toolbox-'));
  const input = z.strictObject({ entities: z.array(z.string()), at: z.number() });
  const output = z.object({ values: z.array(z.number()) });
  let at = 0;
  const nothing: Tool<z.infer<typeof input>, z.infer<typeof output>> = {
    name: 'read_nothing',
    description: 'Reads nothing.',
    effect: 'read',
    input,
    output,
    run: () =>
      Promise.resolve({
        status: 'ok',
        output: { values: [1, 2, 3, at] },
        digest: 'four values',
        kind: 'other',
        source: 'bench',
        entities: [],
        tainted: false,
      }),
  };
  const { toolbox, close } = createFakeToolbox([nothing], { clock: systemClock, folder, guards: unlimited });
  const client = toolbox.clientFor(fakeSession());
  const times: number[] = [];
  await bench('read_nothing', async () => {
    at += 1;
    const before = performance.now();
    const outcome = await client.call('read_nothing', { entities: ['service:a'], at });
    times.push(performance.now() - before);
    if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  }).run();
  close();
  rmSync(folder, { recursive: true });
  const sorted = times.sort((left, right) => left - right);
  const p50 = sorted[Math.floor(sorted.length / 2)] ?? 0;
  process.stdout.write(
    `tool call overhead: p50 ${p50.toFixed(3)} ms, p95 ${(sorted[Math.floor(sorted.length * 0.95)] ?? 0).toFixed(3)} ms, n ${sorted.length}\n`,
  );
  expect(p50).toBeLessThanOrEqual(0.2);
});
