import { describe, expect, it } from 'vitest';
import type { Change } from '../../../domain/signal.ts';
import { readChange } from './read-changes.ts';
import { alteredConstants } from './altered-constants.ts';
import { readDiff } from './read-diff.ts';

const commit = (file: string, lines: string[]): Change => ({
  id: 'c1',
  at: '2026-01-01T00:00:00Z',
  kind: 'commit',
  title: 'refactor: tidy',
  files: [file],
  diff: [`--- a/${file}`, `+++ b/${file}`, '@@ -1,9 +1,9 @@', ...lines].join('\n'),
});

describe('readDiff', () => {
  it('leaves out what only moves', () => {
    const { added, removed } = readDiff(
      commit('src/send.go', [
        '-	out.Write(line)',
        '+	return send(out, line)',
        '+}',
        '+func send() {',
        '+	  out.Write(line)',
      ]),
    );
    expect(removed).toEqual([]);
    expect(added.map(({ text }) => text.trim())).toEqual(['return send(out, line)', 'func send() {']);
  });

  it('reads headings that are only a path', () => {
    const change = {
      ...commit('a.go', []),
      files: ['a.go', 'b.yaml'],
      diff: '@@ deploy/b.yaml @@\n-  size: 3\n+  size: 4',
    };
    expect(readDiff(change).added).toEqual([{ file: 'deploy/b.yaml', text: '  size: 4' }]);
  });
});

describe('alteredConstants', () => {
  it('reads values with their units, and which way they moved', () => {
    const lines = readDiff(
      commit('src/limits.go', [
        '-const most = 50',
        '+const most = 10',
        '-	c.Wait = 30 * time.Second',
        '+	c.Wait = 5 * time.Minute',
      ]),
    );
    expect(alteredConstants(lines)).toEqual([
      { key: 'most', before: 50, after: 10, moved: 'lowered' },
      { key: 'c.Wait', before: 30, after: 300, moved: 'raised' },
    ]);
  });
});

describe('readChange', () => {
  it.each([
    ['patch versions of a Go module', 'go.mod', ['-	example.org/lib v1.2.3', '+	example.org/lib v1.2.4'], true],
    ['a minor version of a Go module', 'go.mod', ['-	example.org/lib v1.2.3', '+	example.org/lib v1.6.0'], false],
    ['a line of logging', 'src/a.go', ['-	log.Debug("x")', '+	log.Info("x", n)'], true],
    ['a lock that is gone', 'src/a.go', ['-	m.mu.Lock()', '-	defer m.mu.Unlock()'], false],
  ])('tells whether %s can bring a fault', (_name, file, lines, innocent) => {
    expect(readChange(commit(file, lines)).innocent !== undefined).toBe(innocent);
  });

  it('does not take a larger pool for a smaller one', () => {
    expect(readChange(commit('a.yaml', ['-pool_size: 10', '+pool_size: 50'])).hints).not.toHaveProperty(
      'pool-exhaustion',
    );
    expect(readChange(commit('a.yaml', ['-pool_size: 50', '+pool_size: 10'])).hints).toHaveProperty('pool-exhaustion');
  });
});
