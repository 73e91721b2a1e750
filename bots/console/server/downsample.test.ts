import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../domain/signal.ts';
import { downsample } from './downsample.ts';

const samples = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 0, maxLength: 600 })
  .map((values) => values.map((value, index): Sample => [index * 1000, value]));

describe('downsample', () => {
  it('keeps the bound, the order, the ends, the lowest and the highest, and invents nothing', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 4, max: 200 }), (all, points) => {
        const kept = downsample(all, points);
        expect(kept.length).toBeLessThanOrEqual(Math.max(points, 4));
        expect(kept.every((sample) => all.includes(sample))).toBe(true);
        expect(kept.every((sample, index) => index === 0 || kept[index - 1]![0] < sample[0])).toBe(true);
        expect(kept[0]).toBe(all[0]);
        expect(kept.at(-1)).toBe(all.at(-1));
        const heights = (list: Sample[]) => list.map((sample) => sample[1]);
        expect(Math.max(...heights(kept))).toBe(Math.max(...heights(all)));
        expect(Math.min(...heights(kept))).toBe(Math.min(...heights(all)));
      }),
    );
  });
});
