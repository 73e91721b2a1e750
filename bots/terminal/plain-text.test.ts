import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('plainText', () => {
  it('shows escape sequences instead of obeying them', () => {
    expect(plainText('\u001B[2Jgone\u0007')).toBe('␛[2Jgone␇');
    expect(plainText('\u009B31mred')).toBe('<U+009B>31mred');
    expect(plainText('user\u202Etxt.exe')).toBe('user<U+202E>txt.exe');
    expect(plainText('two\r\nlines\tand a tab')).toBe('two lines and a tab');
  });

  it('leaves no control character in any text, and ordinary text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainText(text)).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
      }),
    );
    expect(plainText('Zürich: 40 → 4 (90 %) 東京')).toBe('Zürich: 40 → 4 (90 %) 東京');
  });
});
