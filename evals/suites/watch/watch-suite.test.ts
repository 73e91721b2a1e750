import { expect, it } from 'vitest';
import { plainOptions } from '../plain-options.ts';
import type { Prediction } from '../../suite.ts';
import { makeEstate } from './make-estate.ts';
import { createWatchSuite } from './watch-suite.ts';

const small = { services: 3, days: 2, stepMs: 60_000 };

it('opens an investigation about most planted faults and next to none in a quiet estate, the same each time', async () => {
  const suite = createWatchSuite({ ...small, faults: 4 });
  const run = async (cases: string[] = []): Promise<Prediction[]> => {
    const made: Prediction[] = [];
    for await (const one of suite.predict({ ...plainOptions, seeds: [5], cases })) made.push(one);
    return made;
  };
  const predictions = await run();
  expect(predictions.map((one) => one.case)).toEqual(['quiet-5', 'faults-5']);
  const report = await suite.score(predictions, undefined, plainOptions);
  const [quiet, opened] = report.scores;
  expect(quiet?.cases).toBe(96);
  expect(quiet?.score).toBeGreaterThan(0.95);
  expect(opened?.cases).toBe(4);
  expect(opened?.score).toBeGreaterThanOrEqual(0.75);
  expect((await run(['quiet-5']))[0]?.line).toEqual(predictions[0]?.line);
}, 60_000);

it('makes the same estate of the same options, with faults that show only while they last', () => {
  const options = { ...small, seed: 9, faults: 4 };
  const [one, two] = [makeEstate(options), makeEstate(options)];
  expect(one).toEqual(two);
  const slow = one.faults.find(({ kind }) => kind === 'slow')!;
  const mean = (from: number, to: number): number => {
    const latency = one.series.find(({ entity, metric }) => entity === slow.entity && metric === 'request_seconds_1')!;
    const values = latency.samples.filter(([at]) => at >= from && at < to).map(([, value]) => value);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  expect(mean(slow.from + 300_000, slow.to)).toBeGreaterThan(1.6 * mean(slow.from - 900_000, slow.from));
  expect(mean(slow.to, slow.to + 900_000)).toBeLessThan(1.6 * mean(slow.from - 900_000, slow.from));
});
