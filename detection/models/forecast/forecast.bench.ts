import { loadavg } from 'node:os';
import { expect, test } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { createAutomaticForecaster } from './automatic-forecaster.ts';

const hour = 3_600_000;
const runs = 20;

/** Processor time of a live question (`quick`) and of a plan (`full`), 48 steps ahead of a noisy day. */
test('automatic forecaster', () => {
  process.stdout.write(`load average ${loadavg()[0]!.toFixed(1)}\n`);
  for (const effort of ['quick', 'full'] as const)
    for (const length of [500, 1_080]) {
      const random = createRandom(1);
      const values = Float64Array.from(
        { length },
        (_, t) => 100 + 20 * Math.sin((2 * Math.PI * t) / 24) + 4 * (random.next() - 0.5),
      );
      const forecaster = createAutomaticForecaster({ effort });
      const input = { values, stepMs: hour, startMs: 0, seasons: [24] };
      forecaster.forecast(input, 48);
      const count = effort === 'quick' ? runs : 2;
      const before = process.cpuUsage();
      for (let run = 0; run < count; run += 1) forecaster.forecast(input, 48);
      const { user, system } = process.cpuUsage(before);
      const milliseconds = (user + system) / 1_000 / count;
      process.stdout.write(`${effort.padEnd(6)} ${String(length).padStart(5)} values  ${milliseconds.toFixed(1)} ms\n`);
      expect(Number.isFinite(milliseconds)).toBe(true);
    }
});
