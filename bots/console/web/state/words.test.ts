import { describe, expect, it } from 'vitest';
import { kindOf, nameOf, numberOf, offsetOf, percentOf, readable, spanOf, timeOf, wordsOf } from './words.ts';

describe('words', () => {
  it('says durations in units a person reads', () => {
    expect([250, 1_200, 12_000, 60_000, 260_000, 3_600_000, 3_900_000].map(spanOf)).toEqual([
      '0.3 s',
      '1.2 s',
      '12 s',
      '1 min',
      '4 min 20 s',
      '1 h',
      '1 h 5 min',
    ]);
  });

  it('says a time against the onset, before and after', () => {
    const onset = '2026-11-02T09:30:00.000Z';
    expect(offsetOf('2026-11-02T09:30:12.000Z', onset)).toBe('+12 s');
    expect(offsetOf('2026-11-02T09:25:40.000Z', onset)).toBe('\u22124 min 20 s');
  });

  it('tells instants within a text as clock times', () => {
    const iso = '2026-11-02T09:30:00.109Z';
    expect(readable(`it began at ${iso}, 3 of 3`)).toBe(`it began at ${timeOf(iso)}, 3 of 3`);
  });

  it('shortens numbers without losing their size', () => {
    expect([0, 0.18234, 12, 9_999, 25_300, 4_200_000, -3_100_000_000].map(numberOf)).toEqual([
      '0',
      '0.182',
      '12',
      '10000',
      '25.3k',
      '4.2M',
      '-3.1G',
    ]);
  });

  it('reads entity ids, and never calls anything certain', () => {
    expect([nameOf('pod:shop/cart-7f'), kindOf('pod:shop/cart-7f'), nameOf('plain')]).toEqual([
      'cart-7f',
      'pod',
      'plain',
    ]);
    expect([percentOf(0.944), percentOf(1)]).toEqual(['94 %', '99 %']);
    expect(wordsOf('pool-exhausted')).toBe('Pool exhausted');
  });
});
