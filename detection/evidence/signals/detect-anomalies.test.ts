import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding } from '../../../domain/finding.ts';
import type { Sample, Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { detectAnomalies } from './detect-anomalies.ts';
import { orient } from './orient.ts';

const start = Date.UTC(2026, 0, 5, 8, 0, 0);
const windowsOf = (baselineS: number, observedS: number) => ({
  baseline: { from: isoOf(start), to: isoOf(start + baselineS * 1000) },
  observed: { from: isoOf(start + baselineS * 1000), to: isoOf(start + (baselineS + observedS) * 1000) },
});
const seriesOf = (metric: string, values: readonly number[], more: Partial<Series> = {}): Series => ({
  metric,
  type: 'gauge',
  entity: 'service:a',
  labels: {},
  samples: values.map((value, index): Sample => [start + index * 1000, value]),
  ...more,
});
/** A counter that grows by these amounts. */
const counted = (growth: readonly number[]): number[] => {
  let total = 1_000;
  return growth.map((one) => (total += one));
};
const flat = (count: number, value: number, seed = 1): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => value * (0.95 + 0.1 * random.next()));
};

describe('detectAnomalies', () => {
  it('finds a step of a level with its onset to the sample', () => {
    const found = detectAnomalies(
      [seriesOf('process_cpu_usage', [...flat(20, 0.1), ...flat(20, 0.9)])],
      windowsOf(18, 22),
    );
    expect(found[0]).toMatchObject({
      entity: 'service:a',
      signal: { role: 'cpu' },
      direction: 'up',
      onset: isoOf(start + 20_000),
    });
    expect(finding.safeParse(found[0]).success).toBe(true);
  });

  it('sees a slow and uneven consumer stop, by the messages that did not come', () => {
    const before = [4, 3, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2, 1, 0, 1, 2, 2];
    const growth = [...before, ...Array.from({ length: 19 }, () => 0)];
    const processed = seriesOf('queue_messages_processed_total', counted(growth), {
      type: 'counter',
      labels: { queue: 'orders', result: 'ok' },
    });
    expect(detectAnomalies([processed], windowsOf(19, 17))).toMatchObject([
      { peer: 'queue:orders', signal: { role: 'queue' }, direction: 'down', effect: { observed: 0 } },
    ]);
  });

  it('keeps quiet on steady noise, on a constant, and on a single spike', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const noisy = flat(40, 0.3, seed);
      const spiky = flat(40, 0.3, seed).map((value, index) => (index === 30 ? 3 : value));
      const all = [
        seriesOf('request_latency_seconds', noisy),
        seriesOf('process_cpu_usage', spiky),
        seriesOf(
          'queue_depth',
          Array.from({ length: 40 }, () => 7),
        ),
      ];
      expect(detectAnomalies(all, windowsOf(18, 22))).toEqual([]);
    }
  });

  it.each(['CPUCreditBalance', 'BurstBalance', 'disk_free', 'memory_available', 'pool_idle', 'cpu_idle'])(
    'calls a fall of %s bad, and its rise nothing',
    (metric) => {
      const values = flat(40, 90).map((value, index) => (index < 24 ? value : value / 6));
      const [found] = detectAnomalies([seriesOf(metric, values)], windowsOf(18, 22));
      expect(found).toMatchObject({ direction: 'down', data: { aspect: 'left' } });
      expect(found?.statement).toMatch(new RegExp(`^${metric} \\(left\\) of .* fell from (?:89|9)`));
      expect(detectAnomalies([seriesOf(metric, values.toReversed())], windowsOf(16, 24))).toEqual([]);
    },
  );

  it('reads a counter as a rate and survives its reset', () => {
    const values = counted(flat(40, 12)).map((value, index, all) => (index >= 25 ? value - all[24]! : value));
    expect(detectAnomalies([seriesOf('http_requests_total', values, { type: 'counter' })], windowsOf(18, 22))).toEqual(
      [],
    );
  });

  it('counts an error series that only exists since the first error', () => {
    const fine = seriesOf('http_requests_total', counted(flat(40, 20)), { type: 'counter', labels: { status: '200' } });
    const failed = seriesOf('http_requests_total', [], { type: 'counter', labels: { status: '503' } });
    for (let second = 22; second < 40; second += 1) failed.samples.push([start + second * 1000, (second - 21) * 8]);
    const found = detectAnomalies([fine, failed], windowsOf(18, 22));
    const errors = found.find(({ signal }) => signal.role === 'errors');
    expect(errors).toMatchObject({ direction: 'up', onset: isoOf(start + 22_000), data: { reasons: { '503': 144 } } });
    expect(errors?.effect?.observed).toBeCloseTo(8 / 28, 1);
  });

  it('derives mean latency from a histogram, toward the peer that its label names', () => {
    const count = counted(flat(40, 30));
    const seconds = count.map((total, index) => total * 0.02 + Math.max(0, index - 19) * 30 * 0.3);
    const parts = (metric: string, values: readonly number[]): Series =>
      seriesOf(metric, values, { type: 'histogram', labels: { peer: 'b' } });
    const found = detectAnomalies(
      [
        parts('http_client_request_duration_seconds_count', count),
        parts('http_client_request_duration_seconds_sum', seconds),
      ],
      windowsOf(18, 22),
    );
    expect(found[0]).toMatchObject({
      peer: 'service:b',
      signal: { role: 'latency' },
      data: { aspect: 'mean', side: 'client' },
    });
    expect(found[0]?.effect?.observed).toBeCloseTo(0.32, 1);
  });

  it('tells that an entity went silent, that it came back, and that a process was started anew', () => {
    const alive = seriesOf('process_cpu_usage', flat(40, 0.1), { entity: 'service:b' });
    const dead = seriesOf('process_cpu_usage', flat(25, 0.1));
    const born = seriesOf(
      'process_start_time_seconds',
      [...Array.from({ length: 30 }, () => 100), ...Array.from({ length: 10 }, () => 400)],
      { entity: 'service:b' },
    );
    const found = detectAnomalies([alive, dead, born], windowsOf(18, 22));
    expect(found.map(({ entity, direction, signal }) => `${entity} ${direction} ${signal.role}`)).toEqual([
      'service:a gone availability',
      'service:b changed restarts',
    ]);
  });

  it('sees a slow leak as rising', () => {
    const values = Array.from({ length: 60 }, (_, second) => 90e6 + Math.max(0, second - 25) * 3e6);
    const found = detectAnomalies([seriesOf('process_resident_memory_bytes', values)], windowsOf(20, 40));
    expect(found[0]).toMatchObject({ signal: { role: 'memory' }, data: { rising: true } });
  });

  it('never throws and always fits its schema, whatever the series hold', () => {
    const metric = fc.constantFrom(
      'http_requests_total',
      'a_duration_seconds_sum',
      'a_duration_seconds_count',
      'a_duration_seconds_bucket',
      'process_cpu_seconds_total',
      'up',
      'build_info',
      'db_pool_max',
      'db_pool_used',
      'x',
      'queue_depth',
      'node_cpu_seconds_total',
    );
    const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, 0, 1e300, -5), fc.integer({ min: 0, max: 1_000 }));
    const samples = fc.array(fc.tuple(fc.integer({ min: start, max: start + 60_000 }), value), { maxLength: 60 });
    const labels = fc.dictionary(
      fc.constantFrom('status', 'le', 'peer', 'db', 'mode', 'service', 'version'),
      fc.constantFrom('200', '500', '+Inf', '0.1', 'b', 'idle', ''),
      { maxKeys: 3 },
    );
    const one = fc.record({
      metric,
      type: fc.constantFrom('counter' as const, 'gauge' as const, 'histogram' as const, 'unknown' as const),
      entity: fc.constantFrom('service:a', 'service:b', 'host:h'),
      labels,
      samples,
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (series) => {
        const windows = windowsOf(20, 30);
        const found = detectAnomalies(series, windows);
        for (const each of found) expect(finding.safeParse(each).error).toBeUndefined();
        expect(detectAnomalies(series, windows)).toEqual(found);
        orient(series, windows.observed);
      }),
      { numRuns: 150 },
    );
  });
});

describe('orient', () => {
  it('finds the onset within a window of which nothing else is known', () => {
    const count = counted(flat(300, 30));
    const seconds = count.map((total, index) => total * 0.02 + Math.max(0, index - 209) * 30 * 0.4);
    const found = orient(
      [
        seriesOf('http_request_duration_seconds_count', count, { type: 'histogram' }),
        seriesOf('http_request_duration_seconds_sum', seconds, { type: 'histogram' }),
      ],
      { from: isoOf(start), to: isoOf(start + 300_000) },
    );
    expect(Math.abs(Date.parse(found.onset ?? '') - (start + 210_000))).toBeLessThanOrEqual(2_000);
    expect(found.baseline).toEqual({ from: isoOf(start), to: found.onset });
  });

  it('splits by what lies before the window when nothing changed', () => {
    const quiet = seriesOf('process_cpu_usage', flat(120, 0.2));
    expect(orient([quiet], { from: isoOf(start + 60_000), to: isoOf(start + 120_000) })).toEqual({
      baseline: { from: isoOf(start), to: isoOf(start + 60_000) },
      observed: { from: isoOf(start + 60_000), to: isoOf(start + 120_000) },
    });
  });
});

describe('rates that end', () => {
  it('are told although they came unevenly before', () => {
    const uneven = [7, 6, 5, 7, 0, 5, 6, 3, 2, 2, 7, 2, 4, 5, 5, 0, 3, 3, 4, 4];
    const processed = seriesOf(
      'queue_messages_processed_total',
      counted([...uneven, ...Array.from({ length: 20 }, () => 0)]),
      { type: 'counter', labels: { queue: 'orders' } },
    );
    const found = detectAnomalies([processed], windowsOf(20, 20));
    expect(found[0]).toMatchObject({ direction: 'down', signal: { role: 'queue' } });
    expect(found[0]?.severity).toBeGreaterThan(0.4);
  });
});

describe('failures after a long quiet', () => {
  const byTheMinute = (growth: readonly number[]): Series => ({
    metric: 'retry_budget_exhausted_total',
    type: 'counter',
    entity: 'service:a',
    labels: {},
    samples: counted(growth).map((value, index): Sample => [start + index * 60_000, value]),
  });
  const after = Array.from({ length: 8 }, () => 6);

  it('are told although they are few', () => {
    const [found] = detectAnomalies(
      [byTheMinute([...Array.from({ length: 60 }, () => 0), ...after])],
      windowsOf(3600, 480),
    );
    expect(found).toMatchObject({ direction: 'up', signal: { role: 'errors' }, onset: isoOf(start + 3_600_000) });
  });

  it('are background where they came before', () => {
    const before = Array.from({ length: 60 }, (_, index) => (index % 10 === 0 ? 7 : 0));
    expect(detectAnomalies([byTheMinute([...before, ...after])], windowsOf(3600, 480))).toEqual([]);
  });
});
