import { expect, it } from 'vitest';
import { roundSignificant } from './make-finding.ts';

it('rounds to five digits, and never to what no number holds', () => {
  const rounded = [1.234567, -0.000123456, Number.NaN, Number.POSITIVE_INFINITY, -Number.MAX_VALUE].map(
    roundSignificant,
  );
  expect(rounded).toEqual([1.2346, -0.00012346, 0, 0, -Number.MAX_VALUE]);
});
