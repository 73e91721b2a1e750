import { loadavg } from 'node:os';
import { expect, test } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { makeNoise } from './noise.ts';
import { univariateDetectors } from './univariate-detectors.ts';

const points = 1_000_000;
const slowPoints = 100_000;
/** Asked of one core: a million points a second and 2 KB for the fast tier, 100,000 and 32 KB for the default ensemble. */
const fastTier = new Set(['robust-z-score', 'mad', 'ewma', 'change-point']);

/** Points a second of processor time, score and learning together, on a noisy day; and the state of one series. */
test('online detectors', () => {
  const values = makeNoise('seasonal', points, createRandom(1));
  process.stdout.write(
    `load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}\n`,
  );
  for (const [name, create] of Object.entries(univariateDetectors)) {
    const length = fastTier.has(name) ? points : slowPoints;
    const detector = create();
    const point = new Float64Array(1);
    const before = process.cpuUsage();
    let sum = 0;
    for (let at = 0; at < length; at += 1) {
      point[0] = values[at]!;
      sum += detector.scoreOne(point, at * 60_000);
      detector.learnOne(point, at * 60_000);
    }
    const { user, system } = process.cpuUsage(before);
    const rate = length / ((user + system) / 1e6);
    process.stdout.write(
      `${name.padEnd(20)} ${Math.round(rate).toLocaleString('en').padStart(12)} points/s  ${detector.stateBytes()} bytes  mean score ${(sum / length).toFixed(3)}\n`,
    );
    expect(detector.stateBytes()).toBeLessThanOrEqual(fastTier.has(name) ? 2_048 : 32_768);
  }
});
