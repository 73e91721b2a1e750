import { describe, expect, it } from 'vitest';
import { sourceResultOf } from './source-result.ts';

describe('sourceResultOf', () => {
  it('cuts what is in order of time at its old end where the newest count, and says so', () => {
    expect(sourceResultOf([1, 2, 3], { limit: 2, lookedAt: 'x', keep: 'newest' })).toEqual({
      status: 'ok',
      items: [2, 3],
      truncated: true,
      notes: ['the oldest 1 of 3 were left out'],
    });
    expect(sourceResultOf([1, 2, 3], { limit: 2, lookedAt: 'x' })).toMatchObject({ items: [1, 2], truncated: true });
    expect(sourceResultOf([1], { limit: 2, lookedAt: 'x', keep: 'newest' })).toMatchObject({
      items: [1],
      truncated: false,
    });
    expect(sourceResultOf([1, 2], { limit: 0, lookedAt: 'x', keep: 'newest' })).toMatchObject({
      items: [],
      truncated: true,
    });
  });
});
