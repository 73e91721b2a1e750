import { describe, expect, it } from 'vitest';
import type { Change } from '../../../domain/signal.ts';
import { createGrammarLoader } from './parse/grammars.ts';
import { grammarsFor, readChange } from './read-changes.ts';

const change = (file: string, lines: readonly string[]): Change => ({
  id: 'c1',
  at: '2026-01-01T00:00:00Z',
  kind: 'commit',
  title: 'x',
  files: [file],
  diff: [`--- a/${file}`, `+++ b/${file}`, '@@ -1 +1 @@', ...lines].join('\n'),
});
const many = (count: number, line: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => line(index));

describe('hostile diffs', () => {
  it.each([
    [
      'a megabyte of code',
      change(
        'a.ts',
        many(20_000, (n) => `${n % 2 === 0 ? '-' : '+'}const value${n} = compute(${n}, "text");`),
      ),
    ],
    ['a minified line', change('a.js', [`-${'a(b);'.repeat(200_000)}`, `+${'a(c);'.repeat(200_000)}`])],
    ['brackets within brackets', change('a.ts', [`+${'('.repeat(1_900)}`, `+${'{['.repeat(900)}`, '-x'])],
    [
      'blocks within blocks',
      change(
        'a.py',
        many(1_000, (n) => `+${' '.repeat(n)}if a:`),
      ),
    ],
    [
      'aliases of aliases',
      change('a.yaml', [
        '+a: &a [x, x]',
        ...many(30, (n) => `+b${n}: &b${n} [${`*${n === 0 ? 'a' : `b${n - 1}`}, `.repeat(9)}x]`),
      ]),
    ],
    [
      'a query of brackets',
      change(
        'a.sql',
        many(200, () => `+SELECT * FROM t WHERE ${'('.repeat(20)}a = 1${')'.repeat(20)};`),
      ),
    ],
    [
      'a manifest without end',
      change(
        'go.mod',
        many(20_000, (n) => `+	example.org/lib${n} v1.${n}.0`),
      ),
    ],
    [
      'what is no text',
      change(
        'a.go',
        many(500, (n) => `+${String.fromCharCode(...many(60, () => '').map((_, at) => (n * at * 7) % 60_000))}`),
      ),
    ],
  ])(
    'are read without harm: %s',
    async (_name, one) => {
      const grammars = await createGrammarLoader().load(grammarsFor([one]));
      const first = readChange(one, grammars);
      expect(first.effects.length).toBeLessThanOrEqual(24);
      // What was left out is no proof that nothing changed.
      expect(first.innocent).toBeUndefined();
      expect(readChange(one, grammars)).toEqual(first);
    },
    30_000,
  );
});
