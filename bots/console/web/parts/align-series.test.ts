import { describe, expect, it } from 'vitest';
import { alignSeries } from './align-series.ts';

describe('alignSeries', () => {
  it('puts series of different times on one axis in seconds, with gaps where one has no sample', () => {
    const line = (samples: [number, number][]) => ({ metric: 'm', entity: 'service:a', labels: {}, samples });
    expect(
      alignSeries([
        line([
          [1000, 1],
          [3000, 3],
        ]),
        line([
          [2000, 2],
          [3000, 4],
        ]),
      ]),
    ).toEqual([
      [1, 2, 3],
      [1, null, 3],
      [null, 2, 4],
    ]);
  });
});
