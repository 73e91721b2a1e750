import { describe, expect, it } from 'vitest';
import type { Sample, Series } from '../../../domain/signal.ts';
import { thinSeries } from './thin-series.ts';

const one = (count: number): Series => ({
  metric: 'm',
  type: 'counter',
  entity: 'service:a',
  labels: {},
  samples: Array.from({ length: count }, (_, index): Sample => [index * 1000, index]),
});

describe('thinSeries', () => {
  it('leaves short series alone', () => {
    const series = [one(800)];
    expect(thinSeries(series)).toBe(series);
  });

  it('keeps the last sample of each step, so that counters stay exact', () => {
    const [thin] = thinSeries([one(3_600)]);
    expect(thin?.samples.length).toBeLessThanOrEqual(602);
    expect(thin?.samples.at(-1)).toEqual([3_599_000, 3_599]);
    expect(thin?.samples.every(([at, value]) => at === value * 1000)).toBe(true);
  });
});
