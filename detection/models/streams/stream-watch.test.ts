import { describe, expect, it } from 'vitest';
import { entityId } from '../../../domain/entity.ts';
import type { Sample } from '../../../domain/signal.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Derived } from '../../evidence/signals/derived-series.ts';
import { judgeTogether } from './joint-alarm.ts';
import { createSeriesWatch, leastWatched } from './series-watch.ts';
import { createStreamWatch, type StreamLook, type StreamWatchOptions } from './stream-watch.ts';

const start = Date.UTC(2026, 0, 5);

function series(name: string, values: readonly number[], about: Partial<Derived> = {}, stepMs = 1_000): Derived {
  return {
    entity: entityId.parse(`service:${name}`),
    role: 'latency',
    aspect: 'mean',
    side: 'server',
    metric: 'request_seconds',
    quantity: 'duration',
    labels: {},
    unit: 'seconds',
    samples: values.map((value, step): Sample => [start + step * stepMs, value]),
    ...about,
  };
}

/** Quiet latencies near 20 ms; `from` on, `level` times as much. */
function latencies(seed: number, length: number, from = length, level = 1): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, (_, step) => 0.02 * (0.9 + 0.2 * random.next()) * (step >= from ? level : 1));
}

/** Feeds step by step and returns the looks after each. */
function looksOver(all: readonly Derived[], options?: StreamWatchOptions, learn = true): StreamLook[] {
  const watch = createStreamWatch(options);
  const steps = Math.max(...all.map(({ samples }) => samples.length));
  return Array.from({ length: steps }, (_, step) => {
    watch.feed(
      all.map((one) => ({ ...one, samples: one.samples.slice(step, step + 1) })),
      learn,
    );
    return watch.look(start + step * 1_000);
  });
}

describe('judgeTogether', () => {
  it('asks a lone series to be as rare as Bonferroni says, and several that agree to be less rare each', () => {
    const quiet = (count: number): number[] => Array.from({ length: count }, (_, index) => 0.6 + (0.3 * index) / count);
    expect(judgeTogether([...quiet(99), 2e-6], 0.999).members).toEqual([99]);
    expect(judgeTogether([...quiet(99), 2e-5], 0.999).members).toEqual([]);
    expect(judgeTogether([2e-5, 1.5e-5, 1e-5, ...quiet(97)], 0.999).members).toEqual([2, 1, 0]);
    expect(judgeTogether([2e-5, ...quiet(99)], 0.999).score).toBeCloseTo(1 - 2e-3, 9);
    expect(judgeTogether([], 0.999)).toEqual({ score: 0, members: [] });
  });

  it('finds something in uniform noise no more often than it says', () => {
    const random = createRandom(3);
    let found = 0;
    for (let look = 0; look < 4_000; look += 1)
      if (
        judgeTogether(
          Float64Array.from({ length: 50 }, () => random.next()),
          0.95,
        ).members.length > 0
      )
        found += 1;
    expect(found / 4_000).toBeGreaterThan(0.035);
    expect(found / 4_000).toBeLessThan(0.065);
  });
});

describe('createSeriesWatch', () => {
  it('is sure after three points that stand out, not after one, and not before it knows the series', () => {
    const watch = createSeriesWatch((value, usual) => value > 1.5 * usual);
    const values = latencies(1, 400);
    for (const [step, value] of values.entries()) watch.take(start + step, value, true);
    watch.take(start + 400, 0.2, true);
    expect(watch.tail()).toBeGreaterThan(0.01);
    for (let step = 401; step < 404; step += 1) watch.take(start + step, 0.2, true);
    expect(watch.tail()).toBeLessThan(1e-4);
    expect(watch.since()).toBe(start + 400);
    expect(watch.usual()).toBeCloseTo(0.02, 2);
    expect(watch.standing().value).toBe(0.2);
    expect(watch.standing().because[0]?.feature).toBe('distance from the usual level');
    const young = createSeriesWatch(() => true);
    for (let step = 0; step < leastWatched; step += 1) young.take(start + step, step < 55 ? 1 + (step % 3) : 90, true);
    expect(young.tail()).toBe(1);
  });

  it('passes over points that are late or missing', () => {
    const watch = createSeriesWatch(() => true);
    watch.take(start, 1, true);
    watch.take(start - 5, 2, true);
    watch.take(start + 1, Number.NaN, true);
    expect([watch.learned(), watch.lastAt()]).toEqual([1, start]);
  });
});

describe('createStreamWatch', () => {
  const quiet = (count: number, length = 600): Derived[] =>
    Array.from({ length: count }, (_, index) => series(`s${index}`, latencies(index + 1, length)));

  it('stays silent over quiet series', () => {
    const looks = looksOver(quiet(40));
    expect(looks.at(-1)?.judged).toBe(40);
    expect(looks.filter(({ alarms }) => alarms.length > 0)).toEqual([]);
  });

  it('alarms within seconds when three series of a system agree, and says from what to what, since when', () => {
    const slow = [50, 51, 52].map((seed) => series(`slow${seed}`, latencies(seed, 600, 500, 6)));
    const looks = looksOver([...quiet(30), ...slow]);
    const first = looks.findIndex(({ alarms }) => alarms.length > 0);
    expect(first).toBeGreaterThanOrEqual(502);
    expect(first).toBeLessThan(506);
    const worst = looks[first]!.alarms[0]!;
    expect(looks[first]!.alarms.every(({ series: { entity } }) => entity.startsWith('service:slow'))).toBe(true);
    expect(worst.value / worst.usual).toBeGreaterThan(4);
    expect(worst.since).toBeLessThanOrEqual(start + 503_000);
    expect(looks[first]!.score).toBeGreaterThanOrEqual(0.9999);
  });

  it('lets a lone series wake somebody only when it has seen a day', () => {
    const lone = (stepMs: number): number => {
      const length = 1_600;
      const all = [
        ...Array.from({ length: 10 }, (_, index) => series(`s${index}`, latencies(index + 1, length), {}, stepMs)),
        series('lone', latencies(99, length, 1_590, 8), {}, stepMs),
      ];
      const watch = createStreamWatch();
      watch.feed(all, true);
      return watch.look(start + (length - 1) * stepMs).alarms.length;
    };
    expect(lone(1_000)).toBe(0);
    expect(lone(60_000)).toBe(1);
  });

  it('does not mind a change that does not matter, a fall of latency, or use far from full', () => {
    const length = 600;
    const many = (name: string, from: number, to: number, about: Partial<Derived>): Derived[] =>
      [1, 2, 3, 4].map((seed) =>
        series(
          `${name}${seed}`,
          latencies(seed, length).map((value, step) => value * 50 * (step < 500 ? from : to)),
          about,
        ),
      );
    const looks = looksOver([
      ...quiet(20),
      ...many('tiny', 0.001, 0.002, {}),
      ...many('faster', 0.5, 0.05, {}),
      ...many('pool', 0.2, 0.6, { role: 'pool', aspect: 'saturation', unit: 'ratio' }),
    ]);
    expect(looks.flatMap(({ alarms }) => alarms.map(({ key }) => key))).toEqual([]);
  });

  it('lets what is nearly full wake somebody alone and without a day of history', () => {
    const fill = { role: 'disk', aspect: 'saturation', unit: 'ratio' } as const;
    const full = (to: number): Derived =>
      series(
        'disk',
        latencies(7, 600).map((value, step) => value * (step < 550 ? 10 : to)),
        fill,
      );
    const last = (to: number): string[] =>
      looksOver([...quiet(20), full(to)])
        .at(-1)!
        .alarms.map(({ series: { entity } }) => entity);
    expect(last(46)).toEqual(['service:disk']);
    expect(last(30)).toEqual([]);
  });

  it('keeps to its bound and lets silent series go', () => {
    const watch = createStreamWatch({ most: 2 });
    watch.feed([series('a', [1, 1, 1]), series('b', [1, 1, 1]), series('c', [1, 1, 1])], true);
    expect(watch.look(start).watched).toBe(2);
    const later = series('d', [1, 1]);
    watch.feed([{ ...later, samples: later.samples.map(([at, value]) => [at + 60_000, value]) }], true);
    expect(watch.look(start).watched).toBe(2);
    expect(watch.scoreOf(keyOf('d'))).toBeDefined();
    expect(watch.scoreOf(keyOf('c'))).toBeUndefined();
  });

  it('sees the end of a fault that is held, and the next one', () => {
    const watch = createSeriesWatch((value, usual) => value > 1.5 * usual);
    const values = latencies(4, 500);
    for (const [step, value] of values.entries()) watch.take(start + step, value, true);
    const tails = [0.3, 0.02, 0.3].flatMap((level, part) =>
      Array.from({ length: 40 }, (_, step) => {
        watch.take(start + 500 + part * 40 + step, level, part === 0 && step < 4);
        return watch.tail();
      }),
    );
    expect(tails[39]).toBeLessThan(1e-4);
    expect(Math.min(...tails.slice(55, 80))).toBeGreaterThan(0.01);
    expect(tails[119]).toBeLessThan(1e-4);
  });

  it('does not learn while a fault is held', () => {
    const watch = createStreamWatch();
    watch.feed([series('a', latencies(1, 100))], true);
    watch.feed([series('a', latencies(1, 200, 100, 5))], false);
    expect(watch.scoreOf(keyOf('a'))?.learned).toBe(100);
  });

  it('calls ordinary what a series has often shown, and only once it knows enough to be as sure as the threshold', () => {
    const spiky = latencies(1, 400).map((value, step) => (step % 40 < 4 ? 5 * value : value));
    const ordinaryAfter = (values: readonly number[], options?: StreamWatchOptions): boolean => {
      const watch = createStreamWatch(options);
      watch.feed([series('a', values)], true);
      return watch.isOrdinary(keyOf('a'));
    };
    expect(ordinaryAfter(spiky.slice(0, 364))).toBe(true);
    expect(ordinaryAfter(latencies(1, 364, 360, 5))).toBe(false);
    expect(ordinaryAfter(spiky.slice(0, 70))).toBe(false);
    expect(ordinaryAfter(spiky.slice(0, 364), { threshold: 1 })).toBe(false);
    expect(createStreamWatch().isOrdinary(keyOf('a'))).toBe(false);
  });
});

function keyOf(name: string): string {
  return JSON.stringify([`service:${name}`, '', 'request_seconds', 'mean', []]);
}
