import { describe, expect, it } from 'vitest';
import type { Sample, Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { counterDeltas } from './counter-deltas.ts';
import { detectAnomalies } from './detect-anomalies.ts';
import { orient } from './orient.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5);

/** A mean latency by the minute: an hour of history, a hole, and a record of its own. */
function latency(entity: string, levels: { history: number; own: readonly number[] }, holeMinutes: number): Series {
  const wobble = (index: number): number => 1 + 0.03 * Math.sin(7 * index);
  const history = Array.from({ length: 60 }, (_, index): Sample => [
    start + index * minute,
    levels.history * wobble(index),
  ]);
  const own = levels.own.map((level, index): Sample => [
    start + (60 + holeMinutes + index) * minute,
    level * wobble(index),
  ]);
  return {
    metric: 'http_request_duration_seconds',
    type: 'gauge',
    entity,
    labels: {},
    samples: [...history, ...own],
  };
}

describe('a normal that matches', () => {
  const window = { from: isoOf(start + 90 * minute), to: isoOf(start + 98 * minute) };
  const own = (quiet: number, slow: number): number[] => [quiet, quiet, quiet, slow, slow, slow, slow, slow];
  const series = [
    latency('service:kiln', { history: 0.1, own: own(0.2, 0.9) }, 30),
    ...['glaze', 'clay', 'oven'].map((name) => latency(`service:${name}`, { history: 0.1, own: own(0.25, 0.25) }, 30)),
  ];

  it('is what the incident itself shows when quiet, where a hole parts it from history at another level', () => {
    const found = orient(series, window);
    expect(found.own).toBe(window.from);
    expect(found.onset).toBe(isoOf(start + 93 * minute));
    const findings = detectAnomalies(series, found);
    expect(findings.map(({ entity }) => entity)).toEqual(['service:kiln']);
    expect(findings[0]?.effect?.baseline).toBeGreaterThan(0.18);
  });

  it('is history, where the record has no hole', () => {
    const whole = [latency('service:kiln', { history: 0.1, own: own(0.1, 0.9) }, 0)];
    const found = orient(whole, { from: isoOf(start + 60 * minute), to: isoOf(start + 68 * minute) });
    expect(found.own).toBeUndefined();
    expect(detectAnomalies(whole, found)[0]?.effect?.baseline).toBeLessThan(0.11);
  });

  it('takes no growth over a hole for the growth of one step', () => {
    const counts = Array.from({ length: 20 }, (_, index): Sample => [
      (index < 10 ? index : index + 40) * minute,
      index * 60,
    ]);
    expect(counterDeltas(counts, []).map(([, growth]) => growth)).toEqual(Array.from({ length: 18 }, () => 60));
  });
});
