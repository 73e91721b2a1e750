import { describe, expect, it } from 'vitest';
import { readDiff } from './read-diff.ts';

const lines = (...all: string[]): string => all.join('\n');

describe('readDiff', () => {
  it('rebuilds both sides of each place, with its heading and its lines', () => {
    const diff = lines('--- a/x.go', '+++ b/x.go', '@@ -3,3 +3,4 @@ func f() {', ' a', '-b', '+c', '+d', ' e');
    expect(readDiff({ diff, files: ['x.go'] })).toEqual([
      {
        file: 'x.go',
        before: ['a', 'b', 'e'],
        after: ['a', 'c', 'd', 'e'],
        heading: 'func f() {',
        lines: { from: 3, to: 7 },
      },
    ]);
  });

  it('reads headings that are only a path, and diffs without any', () => {
    const named = readDiff({ diff: '@@ deploy/b.yaml @@\n-  size: 3\n+  size: 4', files: ['a.go', 'deploy/b.yaml'] });
    expect(named).toMatchObject([{ file: 'deploy/b.yaml', before: ['  size: 3'], after: ['  size: 4'] }]);
    expect(readDiff({ diff: '-a\n+b', files: ['only.py'] })).toMatchObject([{ file: 'only.py', before: ['a'] }]);
  });

  it('leaves out binary parts, lines of machines and places where nothing changed', () => {
    const long = `+${'x'.repeat(100_000)}`;
    const diff = lines(
      'diff --git a/p.png b/p.png',
      'Binary files a/p.png and b/p.png differ',
      '+++ b/m.js',
      '@@ -1 +1 @@',
      long,
    );
    expect(readDiff({ diff, files: [] })).toEqual([]);
  });
});
