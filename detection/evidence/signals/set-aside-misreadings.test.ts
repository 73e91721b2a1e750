import { describe, expect, it } from 'vitest';
import type { Derived } from './derived-series.ts';
import { setAsideMisreadings } from './set-aside-misreadings.ts';

const seriesOf = (values: readonly number[], parts: Partial<Derived>): Derived => ({
  entity: 'service:shop',
  role: 'pool',
  aspect: 'saturation',
  side: 'server',
  metric: 'shop_slots_used',
  quantity: 'used',
  labels: {},
  unit: 'ratio',
  samples: values.map((value, index) => [index * 1_000, value]),
  ...parts,
});

describe('setAsideMisreadings', () => {
  it.each([
    ['a pool used to 1,575 %', [15.75, 15.75, 15.7], {}],
    ['a latency of 1.8 billion seconds', [1.8e9, 1.8e9], { role: 'latency', aspect: 'mean', unit: 'seconds' }],
    ['a share of 300 %', [3, 3], { role: 'errors', aspect: 'error-ratio' }],
    ['a negative duration', [-4, -5], { role: 'latency', aspect: 'mean', unit: 'seconds' }],
  ] as const)('sets %s aside and says so', (_, values, parts) => {
    const { kept, misread } = setAsideMisreadings([seriesOf(values, parts)]);
    expect(kept).toEqual([]);
    expect(misread).toMatchObject([{ entity: 'service:shop', metric: 'shop_slots_used' }]);
    expect(misread[0]?.sentence).toContain('set aside as misread');
  });

  it('drops single impossible samples, and leaves what can be alone', () => {
    const fine = seriesOf([0.2, 1.2, 0.9], {});
    const once = seriesOf([...Array<number>(19).fill(0.5), 40], {});
    const { kept, misread } = setAsideMisreadings([fine, once]);
    expect(misread).toEqual([]);
    expect(kept[0]).toBe(fine);
    expect(kept[1]?.samples).toHaveLength(19);
  });
});
