import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapText } from './wrap-text.ts';

describe('wrapText', () => {
  it('breaks at spaces and hangs later lines', () => {
    expect(wrapText('the pool of connections was cut', 16, { first: '- ', rest: '  ' })).toEqual([
      '- the pool of',
      '  connections',
      '  was cut',
    ]);
  });

  it('keeps every word within the width', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 20, max: 120 }), (text, width) => {
        const lines = wrapText(text, width, { first: '* ', rest: '  ' });
        expect(lines.every((line) => Array.from(line).length <= width)).toBe(true);
        const letters = (value: string): string => value.replaceAll(' ', '');
        expect(letters(lines.join('')).slice(1)).toBe(letters(text));
      }),
    );
  });
});
