import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Matrix } from '../matrix.ts';
import { serviceHorizon, simulatedRuns, trainServicePredictor } from './service-failure-predictor.ts';
import { serviceHistory, serviceSignalOf, serviceSignals } from './service-signals.ts';
import { estimateTimeToResolve } from './time-to-resolve.ts';
import { areaUnderRoc } from '../trees/ranking.ts';

describe('the predictor of services', () => {
  const predictor = trainServicePredictor();
  const until = (history: Matrix, steps: number): Matrix => ({
    ...history,
    rows: steps,
    values: history.values.subarray(0, steps * history.columns),
  });

  it('tells unseen runs that fail within the horizon from others, with sound probabilities', () => {
    const random = createRandom(99);
    const said: number[] = [];
    const came: number[] = [];
    for (const { history, failed } of simulatedRuns(180, 4_242)) {
      const cut = 20 + random.integer(history.rows - 20);
      const rest = history.rows - cut;
      if (!failed && rest < serviceHorizon) continue;
      said.push(predictor.predict(until(history, cut)).probability);
      came.push(failed && rest <= serviceHorizon ? 1 : 0);
    }
    expect(areaUnderRoc(said, came)).toBeGreaterThan(0.9);
    const brier = said.reduce((sum, p, i) => sum + (p - came[i]!) ** 2 / said.length, 0);
    const share = came.reduce((sum, one) => sum + one / came.length, 0);
    expect(brier).toBeLessThan(0.55 * share * (1 - share));
  });

  it('stays calm on a service that does nothing', () => {
    const steps = Array.from({ length: 120 }, (_, t) => ({
      latency: 0.1 + 0.001 * (t % 3),
      'error share': 0.001,
      traffic: 100,
    }));
    expect(predictor.predict(serviceHistory(steps)).probability).toBeLessThan(0.05);
  });
});

describe('service signals', () => {
  it('names what a derived series tells', () => {
    expect(serviceSignalOf({ role: 'pool', aspect: 'saturation' })).toBe('used share of a limit');
    expect(serviceSignalOf({ role: 'latency', aspect: 'p95' })).toBe('latency');
    expect(serviceSignalOf({ role: 'config', aspect: 'level' })).toBeUndefined();
  });

  it('are free of units', () => {
    const rows = (unit: number): Matrix =>
      serviceHistory(Array.from({ length: 30 }, (_, t) => ({ latency: unit * (1 + t) })));
    const column = serviceSignals.indexOf('latency');
    for (let t = 0; t < 30; t += 1)
      expect(rows(1).values[t * serviceSignals.length + column]!).toBeCloseTo(
        rows(1000).values[t * serviceSignals.length + column]!,
        9,
      );
  });
});

describe('estimateTimeToResolve', () => {
  const minute = 60_000;
  const past = Array.from({ length: 40 }, (_, i) => ({
    durationMs: (i % 2 === 0 ? 20 + i : 200 + 5 * i) * minute,
    traits: { fault: i % 2 === 0 ? 'bad-deploy' : 'disk-full' },
  }));

  it('leans on incidents alike, in order, and grows while it drags on', () => {
    const deploy = estimateTimeToResolve(past, { elapsedMs: 0, traits: { fault: 'bad-deploy' } })!;
    const disk = estimateTimeToResolve(past, { elapsedMs: 0, traits: { fault: 'disk-full' } })!;
    expect(deploy.median).toBeLessThan(80 * minute);
    expect(disk.median).toBeGreaterThan(150 * minute);
    expect(deploy.median).toBeLessThan(deploy.likelyBy);
    expect(deploy.likelyBy).toBeLessThan(deploy.almostSurelyBy);
    const late = estimateTimeToResolve(past, { elapsedMs: 90 * minute, traits: { fault: 'bad-deploy' } })!;
    expect(late.median).toBeGreaterThan(deploy.median);
  });

  it('says nothing when nothing lasted that long', () => {
    expect(estimateTimeToResolve(past, { elapsedMs: 1e9, traits: {} })).toBeUndefined();
    expect(estimateTimeToResolve([], { elapsedMs: 0, traits: {} })).toBeUndefined();
  });
});
