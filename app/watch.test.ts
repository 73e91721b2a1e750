import { describe, expect, it } from 'vitest';
import { simulateIncident } from '../detection/diagnosis/simulate-incident.ts';
import type { Sample, Series } from '../domain/signal.ts';
import { createFakeClock, msOf } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createDataSources, loadersOf } from '../tools/sources/data-sources.ts';
import type { MetricSource } from '../tools/sources/source.ts';
import { symptomsOf } from './symptoms.ts';
import { createWatch, type Watch } from './watch.ts';

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
    watch.hold(() => truth.onsetMs);
    const serious = symptomsOf(await watch.check());
    expect(serious.length).toBeGreaterThan(0);
    expect(serious.some(({ entity }) => watch.healthOf(entity).state === 'bad')).toBe(true);
    // The baseline of an error ratio before the fault is next to nothing.
    expect(
      Math.min(...serious.filter(({ signal }) => signal.role === 'errors').map(({ effect }) => effect?.baseline ?? 1)),
    ).toBeLessThan(0.05);
  });

  it('reads no longer stretches however long a fault lasts', async () => {
    const clock = createFakeClock(truth.onsetMs + 15_000);
    const data = { metrics: series, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
    const source = createDataSources(loadersOf(data), 'simulation').metrics;
    const reads: number[] = [];
    const watch = createWatch({
      clock,
      metrics: {
        ...source,
        query: async (request, signal) => {
          if (request.stepMs === 0) reads.push(msOf(request.window.to) - msOf(request.window.from));
          return source.query(request, signal);
        },
      },
    });
    watch.hold(() => truth.onsetMs);
    for (; clock.now() <= msOf(observed.to); clock.advance(3_000))
      expect(symptomsOf(await watch.check()).length).toBeGreaterThan(0);
    expect(Math.max(...reads)).toBe(250_000);
    // What was normal before is read once.
    expect(reads.filter((length) => length === 240_000)).toHaveLength(1);
  });

  it('judges the same samples again, and says that its judgement is an old one, after a look that failed', async () => {
    const data = { metrics: series, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
    const source = createDataSources(loadersOf(data), 'simulation').metrics;
    let failing = true;
    const watch = createWatch({
      clock: createFakeClock(msOf(observed.to)),
      metrics: {
        ...source,
        query: async (request, signal) => {
          if (failing && msOf(request.window.to) === truth.onsetMs)
            throw new CerebroError('BACKEND_UNAVAILABLE', 'the store is busy');
          return source.query(request, signal);
        },
      },
    });
    watch.hold(() => truth.onsetMs);
    for (let look = 0; look < 2; look += 1) {
      expect(await watch.check()).toEqual([]);
      expect(watch.stale()).toContain('busy');
    }
    failing = false;
    expect(symptomsOf(await watch.check()).length).toBeGreaterThan(0);
    expect(watch.stale()).toBeUndefined();
  });

  it('does not call its judgement an old one because nothing is held from before a fault', async () => {
    const data = { metrics: series, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
    const source = createDataSources(loadersOf(data), 'simulation').metrics;
    const watch = createWatch({
      clock: createFakeClock(msOf(observed.to)),
      metrics: {
        ...source,
        query: async (request, signal) =>
          msOf(request.window.to) === truth.onsetMs
            ? { status: 'no-data', lookedAt: 'the old stretch' }
            : source.query(request, signal),
      },
    });
    watch.hold(() => truth.onsetMs);
    await watch.check();
    expect(watch.stale()).toBeUndefined();
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

  describe('after a restart over what was collected before', () => {
    const second = 1_000;
    const stopped = msOf('2026-11-20T10:00:00.000Z');
    const started = stopped + 60 * second;
    const names = (prefix: string): string[] =>
      ['cart', 'search', 'checkout'].map((name) => `service:${prefix}${name}`);
    const counted = (entity: string, from: number, to: number): Series => ({
      metric: 'http_requests_total',
      type: 'counter',
      entity,
      labels: { code: '200' },
      samples: Array.from({ length: (to - from) / second }, (_, index): Sample => [from + index * second, 40 * index]),
    });
    const before = (prefix: string): Series[] =>
      names(prefix).map((entity) => counted(entity, stopped - 300 * second, stopped));
    const after = (prefix: string): Series[] =>
      names(prefix).map((entity) => counted(entity, started + second, started + 120 * second));
    const looksOver = async (metrics: Series[], atSeconds: readonly number[]) => {
      const data = { metrics, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
      const clock = createFakeClock(started);
      const watch = createWatch({ metrics: createDataSources(loadersOf(data), 'collector').metrics, clock });
      const seen: string[] = [];
      for (const at of atSeconds) {
        clock.advance(started + at * second - clock.now());
        seen.push(...symptomsOf(await watch.check()).map(({ statement }) => statement));
      }
      return { seen, watch };
    };
    const looks = Array.from({ length: 30 }, (_, index) => 3 * (index + 1));

    it('calls nobody down who is watched no more; that nothing comes from them is a stated gap', async () => {
      const { seen, watch } = await looksOver([...before('old-'), ...after('')], looks);
      expect(seen).toEqual([]);
      expect(watch.gaps()).toEqual([
        'nothing has come from old-cart, old-checkout, old-search since 2026-11-20T09:59:59.000Z, before the watch began',
      ]);
      expect(watch.healthOf('service:old-cart')).toMatchObject({ state: 'unknown' });
      expect(watch.healthOf('service:cart')).toMatchObject({ state: 'ok' });
    });

    it('takes the time in which nobody looked for no outage', async () => {
      const { seen, watch } = await looksOver(
        names('').map((entity) => ({
          ...counted(entity, 0, 0),
          samples: [...before(''), ...after('')].flatMap((one) => (one.entity === entity ? one.samples : [])),
        })),
        looks,
      );
      expect(seen).toEqual([]);
      expect(watch.gaps()).toEqual([]);
    });

    it('still calls down who falls silent while it watches', async () => {
      const [gone, ...rest] = after('');
      const dies = { ...gone!, samples: gone!.samples.filter(([at]) => at < started + 60 * second) };
      const { seen } = await looksOver([...before('old-'), dies, ...rest], looks);
      expect(seen).toContain('cart stopped answering and has not come back');
    });

    it('calls down who says so itself, and a new version no strain', async () => {
      const told = (metric: string, labels: Record<string, string>, valueAt: (ms: number) => number): Series[] =>
        after('').map((one) => ({
          ...one,
          metric,
          type: 'gauge',
          labels,
          samples: one.samples.map(([at]): Sample => [at, valueAt(at)]),
        }));
      const [up] = told('up', {}, (ms) => (ms < started + 70 * second ? 1 : 0));
      const newer = told('build_info', { version: '2' }, () => 1).map((one) => ({
        ...one,
        samples: one.samples.filter(([at]) => at >= started + 70 * second),
      }));
      const { seen, watch } = await looksOver([...after(''), up!, ...newer], looks);
      expect(new Set(seen)).toEqual(new Set(['availability of cart fell from 1 to 0']));
      expect(watch.healthOf('service:cart')).toMatchObject({ state: 'bad' });
      expect((await watch.check()).some(({ signal }) => signal.role === 'version')).toBe(true);
      expect(watch.healthOf('service:search')).toEqual({ state: 'ok' });
    });

    it('goes on calling down who is held and stays silent, until it comes back or for half an hour', async () => {
      const gone = 'cart stopped answering and has not come back';
      const [from, to] = [started + second, started + 2_400 * second];
      const silentFor = async (seconds: number) => {
        const own = counted('service:cart', from, to);
        const dies = started + 120 * second;
        const samples = own.samples.filter(([at]) => at < dies || at >= dies + seconds * second);
        const others = ['search', 'checkout', 'stock'].map((name) => counted(`service:${name}`, from, to));
        const data = { metrics: [{ ...own, samples }, ...others], logs: [], changes: [], topology, spans: [] };
        const clock = createFakeClock(started);
        const loaders = loadersOf({ ...data, resources: [], advisories: [] });
        const watch = createWatch({ metrics: createDataSources(loaders, 'collector').metrics, clock });
        const said: [number, boolean][] = [];
        for (let at = 20; at < 2_400; at += 20) {
          clock.advance(20 * second);
          const found = symptomsOf(await watch.check());
          const last = found.find(({ statement }) => statement === gone);
          if (last !== undefined) watch.hold((id) => (id === 'service:cart' ? msOf(last.onset ?? '') : undefined));
          said.push([at, last !== undefined]);
        }
        return said.filter(([, isGone]) => isGone).map(([at]) => at);
      };
      const back = await silentFor(600);
      expect([back[0], back.at(-1), back.length]).toEqual([140, 720, 30]);
      expect((await silentFor(5_000)).at(-1)).toBe(1_900);
    });
  });

  describe('history', () => {
    const minute = 60_000;
    const start = msOf('2026-11-20T00:00:00.000Z');
    /** A queue that was sampled by the minute up to `until`, and every ten seconds after. */
    const queue = (until: number): Series => ({
      metric: 'queue_depth',
      type: 'gauge',
      entity: 'service:cart',
      labels: {},
      samples: [
        ...Array.from({ length: until / minute }, (_, index): Sample => [start + index * minute, 5 + (index % 3)]),
        ...Array.from({ length: 400 }, (_, index): Sample => [start + until + index * 10_000, 5 + (index % 3)]),
      ],
    });
    const sourceOf = (metrics: Series[]): MetricSource => {
      const data = { metrics, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
      return createDataSources(loadersOf(data), 'store').metrics;
    };

    it('that cannot be read is a stated gap, and is read again later', async () => {
      const source = sourceOf([queue(1_000 * minute)]);
      let reads = 0;
      const clock = createFakeClock(start + 500 * minute);
      const watch = createWatch({
        clock,
        metrics: {
          ...source,
          // Only the reads of history ask for a step.
          query: async (request, signal) => {
            if (request.stepMs > 0 && (reads += 1) <= 12)
              throw new CerebroError('BACKEND_UNAVAILABLE', 'the store is busy');
            return source.query(request, signal);
          },
        },
      });
      await watch.check();
      expect(watch.gaps()).toEqual([expect.stringMatching(/^8 of 8 parts of the history could not be read .*busy/)]);
      expect(watch.streams().judged).toBe(0);
      clock.advance(30_000);
      await watch.check();
      expect(reads).toBe(8);
      // In one minute, then in two more.
      clock.advance(minute);
      await watch.check();
      expect(watch.gaps()).toEqual([expect.stringMatching(/^4 of 8 parts/)]);
      clock.advance(2 * minute);
      await watch.check();
      expect(watch.gaps()).toEqual([]);
      expect(watch.streams().judged).toBe(1);
      expect(reads).toBe(24);
    });

    it('is read again when samples come in another step', async () => {
      const source = sourceOf([queue(500 * minute)]);
      const steps = new Set<number>();
      const clock = createFakeClock(start + 499 * minute);
      const watch = createWatch({
        clock,
        metrics: {
          ...source,
          query: async (request, signal) => {
            if (request.stepMs > 0) steps.add(request.stepMs);
            return source.query(request, signal);
          },
        },
      });
      for (let look = 0; look < 60; look += 1) {
        await watch.check();
        clock.advance(30_000);
      }
      expect(watch.stepMs()).toBe(10_000);
      expect([...steps]).toEqual([60_000, 10_000]);
    });
  });
});
