import { expect, it } from 'vitest';
import { plainOptions } from '../plain-options.ts';
import type { Prediction } from '../../suite.ts';
import { type Estate, makeEstate } from './make-estate.ts';
import { scoreWatch } from './score-watch.ts';
import { watchEstate } from './watch-estate.ts';
import { createWatchSuite } from './watch-suite.ts';

const small = { services: 3, days: 2, stepMs: 60_000 };

it("drives the product's own watch: planted faults open an investigation, quiet hours hardly one, the same each time", async () => {
  const suite = createWatchSuite({ services: 1, days: 1.8, stepMs: 180_000, faults: 2 });
  const run = async (cases: string[]): Promise<Prediction[]> => {
    const made: Prediction[] = [];
    for await (const one of suite.predict({ ...plainOptions, seeds: [5], cases })) made.push(one);
    return made;
  };
  const predictions = await run(['faults-5']);
  const report = await suite.score(predictions, undefined, plainOptions);
  const [quiet, opened] = report.scores;
  expect(quiet?.cases).toBe(43);
  expect(quiet?.score).toBeGreaterThan(0.9);
  expect(opened?.cases).toBe(2);
  expect(opened?.score).toBe(1);
}, 240_000);

it('gives the same openings for the same estate', async () => {
  const estate = (): Estate => makeEstate({ seed: 5, services: 3, days: 0.15, stepMs: 60_000, faults: 0 });
  const [one, two] = [await watchEstate(estate()), await watchEstate(estate())];
  expect(one).toEqual(two);
  expect(one.openings.length).toBeGreaterThan(0);
}, 240_000);

it('counts an opening as false that names another entity than the fault, or comes long after it', () => {
  const fault = { kind: 'slow' as const, entity: 'service:s0', from: 36_000_000, to: 37_200_000 };
  const scored = (entity: string, at: number): (number | undefined)[] => {
    const openings = [{ at, trigger: 'stream', entities: [{ entity, at }] }];
    const line = { hours: 24, series: 16, looks: 1, openings };
    const prediction = { case: 'faults-5', line, elapsedMs: 0, calls: 0, tokens: 0, dollars: 0 };
    return scoreWatch([prediction], new Map([['faults-5', [fault]]])).scores.map(({ score }) => score);
  };
  expect(scored(fault.entity, fault.from + 60_000)).toEqual([1, 1]);
  expect(scored('service:other', fault.from + 60_000)).toEqual([23 / 24, 0]);
  expect(scored(fault.entity, fault.to + 300_000)).toEqual([1, 0]);
  expect(scored(fault.entity, fault.to + 3_600_000)).toEqual([23 / 24, 0]);
});

it('makes the same estate of the same options, with faults that show only while they last', () => {
  const options = { ...small, seed: 9, faults: 4 };
  const [one, two] = [makeEstate(options), makeEstate(options)];
  expect(one).toEqual(two);
  const slow = one.faults.find(({ kind }) => kind === 'slow')!;
  const counted = (part: 'sum' | 'count', at: number): number => {
    const metric = `request_seconds_1_${part}`;
    const found = one.series.find((each) => each.entity === slow.entity && each.metric === metric)!;
    return found.samples.find(([time]) => time >= at)![1];
  };
  /** The middle of the means of each minute, so that a spike does not count. */
  const usual = (from: number, to: number): number => {
    const means: number[] = [];
    for (let at = from; at < to; at += 60_000) {
      const growth = (part: 'sum' | 'count'): number => counted(part, at + 60_000) - counted(part, at);
      means.push(growth('sum') / growth('count'));
    }
    return means.toSorted((left, right) => left - right)[means.length >> 1]!;
  };
  const [before, during, after] = [
    usual(slow.from - 900_000, slow.from),
    usual(slow.from + 300_000, slow.to),
    usual(slow.to + 60_000, slow.to + 900_000),
  ];
  expect(during).toBeGreaterThan(1.6 * before);
  expect(after).toBeLessThan(0.7 * during);
});
