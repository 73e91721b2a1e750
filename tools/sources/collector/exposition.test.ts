import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FamilyFacts } from './exposition.ts';
import { readExposition, readKey, typeOf, unitOf } from './exposition.ts';

function read(text: string): { samples: [string, number][]; malformed: string[]; families: Map<string, FamilyFacts> } {
  const result = {
    samples: [] as [string, number][],
    malformed: [] as string[],
    families: new Map<string, FamilyFacts>(),
  };
  readExposition(text, {
    sample: (key, value) => result.samples.push([key, value]),
    malformed: (line) => result.malformed.push(line),
    family: (name, facts) => result.families.set(name, { ...result.families.get(name), ...facts }),
  });
  return result;
}

describe('exposition', () => {
  it('reads what both formats allow', () => {
    const { samples, malformed, families } = read(
      [
        '# HELP a_total Some help.',
        '# TYPE a_total counter',
        'a_total 1.5e3 1395066363000',
        'b{x="}",y="a\\"\\\\\\n",} +Inf',
        '  ',
        'c{le="0.5"} 3 # {trace_id="abc"} 0.4 1520879607.789',
        'd\tNaN\r',
        '# just a comment',
        '# EOF',
      ].join('\n'),
    );
    expect(samples).toEqual([
      ['a_total', 1500],
      ['b{x="}",y="a\\"\\\\\\n",}', Infinity],
      ['c{le="0.5"}', 3],
      ['d', Number.NaN],
    ]);
    expect(malformed).toEqual([]);
    expect(families.get('a_total')).toEqual({ help: 'Some help.', type: 'counter' });
    expect(readKey(samples[1]![0])).toEqual({ name: 'b', labels: { x: '}', y: 'a"\\\n' } });
    expect(readKey('{"my.metric", "a.b"="c"}')).toEqual({ name: 'my.metric', labels: { 'a.b': 'c' } });
  });

  it.each(['9a 1', 'a', 'a one', 'a{b="c" 1', 'a{b="c"}', '{} ', '\u0000\u0001', 'a{b="c"}x'])(
    'sets %j aside',
    (line) => {
      expect(read(`${line}\nok 1\n`)).toMatchObject({ samples: [['ok', 1]], malformed: [line] });
    },
  );

  it.each([
    ['a_bucket', 'histogram', 'a', 'histogram'],
    ['a_count', 'summary', 'a', 'counter'],
    ['a_total', 'counter', 'a', 'counter'],
    ['a_created', 'counter', 'a', 'gauge'],
    ['a', 'gauge', 'a', 'gauge'],
    ['a_total', undefined, 'a_total', 'counter'],
    ['a', undefined, 'a', 'unknown'],
  ])('takes %s of a %s family %s as %s', (name, declared, family, type) => {
    const families = new Map<string, FamilyFacts>(declared === undefined ? [] : [[family, { type: declared }]]);
    expect(typeOf(name, {}, families).type).toBe(type);
  });

  it('tells units by convention', () => {
    expect(['a_seconds_bucket', 'a_bytes_total', 'a_seconds_count', 'a'].map((name) => unitOf(name))).toEqual([
      'seconds',
      'bytes',
      undefined,
      undefined,
    ]);
  });

  it('never throws on 1,000 hostile lines, and loses none: each is a sample, a comment, blank or counted', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('{', '}', '"', '\\', '=', ',', '#', ' ', 'a', '1', 'NaN', '# TYPE', 'name{x="y"} 1'),
    );
    const line = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('').replaceAll(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(line, (text) => {
        const { samples, malformed } = read(`${text}\nafter 1`);
        expect(samples.at(-1)).toEqual(['after', 1]);
        const expected = text.trim() === '' || text.startsWith('#') ? 0 : 1;
        expect(samples.length - 1 + malformed.length).toBe(expected);
        for (const [key] of samples) readKey(key);
      }),
      { numRuns: 1_000 },
    );
  });
});
