import { expect, test } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { createDefaultEnsemble } from './default-ensemble.ts';
import { makeNoise, noiseKinds } from './noise.ts';
import { retrospectiveEvidence } from './score-series.ts';

const shares = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0002];
const length = 6_000;
const warmUp = 500;

/** Prints the tables of calibrated-tail.ts: what share of ordinary noise reaches how much evidence. Pooled over six kinds of noise and eight seeds. */
test('tables of the default ensemble', () => {
  const state: number[] = [];
  const novelty: number[] = [];
  const lookBack: number[] = [];
  for (const kind of noiseKinds) {
    for (let seed = 1; seed <= 8; seed += 1) {
      const values = makeNoise(kind, length, createRandom(seed));
      const times = values.map((_, at) => at * 300_000);
      const ensemble = createDefaultEnsemble();
      const point = new Float64Array(1);
      for (let at = 0; at < length; at += 1) {
        point[0] = values[at]!;
        if (at >= warmUp) {
          novelty.push(ensemble.noveltyOne(point, times[at]!));
          state.push(ensemble.stateOne(point, times[at]!));
        }
        ensemble.learnOne(point, times[at]!);
      }
      for (const evidence of retrospectiveEvidence(values, times)) lookBack.push(evidence);
    }
  }
  expect(state.length).toBe(novelty.length);
  for (const [name, all] of Object.entries({ state, novelty, lookBack })) {
    const sorted = Float64Array.from(all).sort();
    const rows = shares.map(
      (share) => `[${sorted[Math.floor((1 - share) * (sorted.length - 1))]!.toPrecision(4)}, ${share}]`,
    );
    process.stdout.write(`${name}: ${rows.join(', ')}\n`);
  }
});
