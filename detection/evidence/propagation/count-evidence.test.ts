import { describe, expect, it } from 'vitest';
import { countEvidence } from './count-evidence.ts';
import { coveredTime } from './covered-time.ts';

const shares = (failed: readonly number[], calls: number) => ({
  values: failed.map((one) => one / calls),
  weights: failed.map(() => calls),
});

describe('count evidence', () => {
  it('is sure of a few failures where none were counted in thousands of calls', () => {
    expect(
      countEvidence(
        shares(
          Array.from({ length: 48 }, () => 0),
          130,
        ),
        shares([3, 1], 130),
      ),
    ).toBeGreaterThan(4);
  });

  it('is not surprised by failures that come in bursts', () => {
    const bursts = Array.from({ length: 48 }, (_, index) => (index % 12 === 0 ? 40 : 0));
    expect(countEvidence(shares(bursts, 480), shares([12, 8], 480))).toBeLessThan(2);
  });

  it('says nothing of fewer than three failures or of no calls', () => {
    expect(countEvidence(shares([0, 0], 100), shares([2], 100))).toBe(0);
    expect(countEvidence({ values: [], weights: [] }, shares([9], 100))).toBe(0);
  });
});

describe('covered time', () => {
  it('leaves out minutes in which nothing was collected, in long spans only', () => {
    const minute = 60_000;
    expect(coveredTime([0, 30_000, 5 * minute], [0, 20 * minute])).toBe(2 * minute);
    expect(coveredTime([0], [0, 3 * minute])).toBe(3 * minute);
  });
});
