import { describe, expect, it } from 'vitest';
import { simulateIncident } from '../detection/diagnosis/simulate-incident.ts';
import { createFakeClock, isoOf, msOf } from '../infra/runtime/clock.ts';
import { createDataSources, loadersOf } from '../tools/sources/data-sources.ts';
import { createWatch, symptomsOf, type Watch } from './watch.ts';

const incident = simulateIncident('bad-deploy-errors', 2, { steps: 90 });
const { series, topology, observed, truth } = incident;

function watchAt(ms: number): Watch {
  const data = { metrics: series, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
  return createWatch({ metrics: createDataSources(loadersOf(data), 'simulation').metrics, clock: createFakeClock(ms) });
}

describe('watch', () => {
  it('is calm before the fault and sees what people feel after it', async () => {
    expect(symptomsOf(await watchAt(truth.onsetMs).check())).toEqual([]);
    expect(symptomsOf(await watchAt(truth.onsetMs + 12_000).check()).length).toBeGreaterThan(0);
  });

  it('goes on seeing a fault that lasts, when it holds on to what was normal before', async () => {
    const watch = watchAt(msOf(observed.to));
    watch.hold(isoOf(truth.onsetMs));
    const serious = symptomsOf(await watch.check());
    expect(serious.length).toBeGreaterThan(0);
    expect(serious.some(({ entity }) => watch.healthOf(entity).state === 'bad')).toBe(true);
    // The baseline of an error ratio before the fault is next to nothing.
    expect(
      Math.min(...serious.filter(({ signal }) => signal.role === 'errors').map(({ effect }) => effect?.baseline ?? 1)),
    ).toBeLessThan(0.05);
  });

  it('adds the stream score of a series as evidence and changes no finding otherwise', async () => {
    const data = { metrics: series, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
    const metrics = createDataSources(loadersOf(data), 'simulation').metrics;
    const clock = createFakeClock(truth.onsetMs);
    const watch = createWatch({ metrics, clock });
    await watch.check();
    clock.advance(12_000);
    const serious = symptomsOf(await watch.check());
    const scored = serious.filter(({ data }) => typeof data?.['score'] === 'number');
    expect(scored.length).toBeGreaterThan(0);
    expect(Math.max(...scored.map(({ data }) => Number(data?.['score'])))).toBeGreaterThan(0.9);
    const plain = symptomsOf(await watchAt(truth.onsetMs + 12_000).check());
    expect(serious.map(({ id, severity }) => [id, severity])).toEqual(plain.map(({ id, severity }) => [id, severity]));
  });

  it('alarms about streams after the onset and not before, having learned what the source held, and says how sure', async () => {
    const long = simulateIncident('bad-deploy-errors', 2, { steps: 900 });
    const data = { metrics: long.series, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
    const metrics = createDataSources(loadersOf(data), 'simulation').metrics;
    const clock = createFakeClock(long.truth.onsetMs);
    const watch = createWatch({ metrics, clock });
    await watch.check();
    expect(watch.streams().judged).toBeGreaterThan(5);
    expect(watch.alarms()).toEqual([]);
    clock.advance(15_000);
    await watch.check();
    const [surest] = watch.alarms();
    expect(surest?.data).toMatchObject({ trigger: 'stream' });
    expect(surest?.statement).toMatch(/ is .+ where .+ is usual$/);
    expect(watch.streams().score).toBeGreaterThan(0.9999);
  });

  it('compares over longer spans where samples come by the minute', async () => {
    const slower = series.map((one) => ({
      ...one,
      samples: one.samples.map(([at, value]): [number, number] => [truth.onsetMs + (at - truth.onsetMs) * 60, value]),
    }));
    const data = { metrics: slower, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
    const metrics = createDataSources(loadersOf(data), 'simulation').metrics;
    const clock = createFakeClock(truth.onsetMs);
    const watch = createWatch({ metrics, clock });
    await watch.check();
    expect(watch.stepMs()).toBeGreaterThan(20_000);
    expect(symptomsOf(await watch.check())).toEqual([]);
    clock.advance(12 * 60_000);
    expect(symptomsOf(await watch.check()).length).toBeGreaterThan(0);
  });
});
