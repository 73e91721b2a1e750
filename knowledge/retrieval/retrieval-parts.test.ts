import { describe, expect, it } from 'vitest';
import { excerptOf, tokensOf } from './excerpt.ts';
import { readQuery } from './read-query.ts';
import { inOrder, rerankQuery } from './rerank.ts';
import { spread } from './spread.ts';

describe('reading a query', () => {
  const read = (text: string) => readQuery(text, (name) => name.toLowerCase() === 'orders-api');

  it('tells what is asked for', () => {
    expect(read('How do I drain the queue?').intent).toBe('fix');
    expect(read('has this happened before?').intent).toBe('past');
    expect(read('who owns orders-api').intent).toBe('owner');
    expect(read('what is the edge gateway').intent).toBe('explain');
    expect(read('queue backlog').intent).toBe('find');
  });

  it('finds entities, error signatures and identifiers, and no names in plain language', () => {
    expect(
      read(
        'orders-api: java.net.SocketTimeoutException after ECONNREFUSED, exit code 137, KubePodCrashLooping in a well-known state',
      ),
    ).toEqual({
      intent: 'find',
      entities: ['orders-api'],
      signatures: ['java.net.SocketTimeoutException', 'ECONNREFUSED', 'exit code 137'],
      identifiers: ['orders-api', 'java.net.SocketTimeoutException', 'KubePodCrashLooping'],
    });
    expect(read('it is slow').entities).toEqual([]);
  });
});

describe('spreading', () => {
  const words = (from: number): string => Array.from({ length: 30 }, (_, index) => `word${from + index}`).join(' ');
  const of = (name: string, score: number, text: string) => ({ name, score, text });
  const candidates = [
    of('a', 1, words(0)),
    of('copy', 0.99, words(0)),
    of('like a', 0.95, words(5)),
    of('other', 0.9, words(500)),
  ];
  const names = (diversity: number, keepCopies = false): string[] =>
    spread(candidates, { limit: 3, diversity, keepCopies }).map(({ item }) => item.name);

  it('leaves copies out, names them, and puts the unlike before the like', () => {
    expect(names(0.3)).toEqual(['a', 'other', 'like a']);
    expect(names(0)).toEqual(['a', 'like a', 'other']);
    expect(spread(candidates, { limit: 1, diversity: 0 })[0]?.copies.map(({ name }) => name)).toEqual(['copy']);
    expect(names(0, true)).toEqual(['a', 'copy', 'like a']);
  });
});

describe('excerpts', () => {
  const text = Array.from({ length: 100 }, (_, index) =>
    index === 60 ? 'the queue drains' : `line ${index} of a page`,
  ).join('\n');

  it('gives the lines with the terms, within the tokens, at their place in the file', () => {
    const found = excerptOf({ text, lineFrom: 10, lineTo: 109 }, new Set(['queue', 'drain']), 40);
    expect(found.text).toContain('the queue drains');
    expect(tokensOf(found.text)).toBeLessThanOrEqual(40);
    expect(found.text.split('\n').length).toBe(found.lineTo - found.lineFrom + 1);
    expect(text.split('\n')[found.lineFrom - 10]).toBe(found.text.split('\n')[0]);
  });

  it('gives a passage whole that fits', () => {
    expect(excerptOf({ text: 'short', lineFrom: 3, lineTo: 3 }, new Set(), 40).text).toBe('short');
  });
});

describe('re-ranking', () => {
  it('keeps the fused order by rule, and loses nothing whatever a model says', () => {
    const facts = { text: 'x', passages: [1, 2, 3].map((number) => ({ number, place: 'p', text: 't' })) };
    expect(rerankQuery(facts).rule(facts)).toEqual({ order: [1, 2, 3] });
    const items = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(inOrder(items, { order: [3, 3, 9, 0, -1] }).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });
});
