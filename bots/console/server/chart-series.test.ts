import { describe, expect, it } from 'vitest';
import type { Series } from '../../../domain/signal.ts';
import { chartSeriesOf } from './chart-series.ts';

const one = (change: Partial<Series> = {}): Series => ({
  metric: 'm',
  type: 'gauge',
  entity: 'service:a',
  labels: {},
  samples: [
    [0, 1],
    [1000, 2],
  ],
  ...change,
});

describe('chartSeriesOf', () => {
  it('finds series in a list, in an object and in lists within it', () => {
    expect(chartSeriesOf([one(), one()], 100).total).toBe(2);
    expect(chartSeriesOf({ series: [one()], findings: [{ id: 'x' }] }, 100).total).toBe(1);
    expect(chartSeriesOf({ baseline: { series: [one()] }, observed: { series: [one()] } }, 100).total).toBe(2);
  });

  it('finds nothing where there is nothing', () => {
    for (const raw of [undefined, null, 'text', [], [{ message: 'a log line' }], one({ samples: [] })]) {
      expect(chartSeriesOf(raw, 100)).toEqual({ series: [], total: 0 });
    }
  });

  it('reads a falling counter as a restart, never as a negative rate', () => {
    const samples: Series['samples'] = [
      [0, 100],
      [10_000, 150],
      [20_000, 20],
      [30_000, 40],
    ];
    const [drawn] = chartSeriesOf([one({ type: 'counter', samples })], 100).series;
    expect(drawn?.samples).toEqual([
      [10_000, 5],
      [20_000, 2],
      [30_000, 2],
    ]);
  });

  it('returns at most 24 series and counts all', () => {
    const found = chartSeriesOf(
      Array.from({ length: 60 }, () => one()),
      100,
    );
    expect([found.series.length, found.total]).toEqual([24, 60]);
  });
});
