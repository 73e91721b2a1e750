import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTemplateMiner } from './template-miner.ts';
import { templateId, templateText } from './template-text.ts';

/** The templates that the lines end up in, one a line. */
function mined(lines: readonly string[]): string[] {
  const miner = createTemplateMiner();
  const first = lines.map((line) => miner.add(line));
  miner.settle();
  return first.map((template) => templateText(miner.resolve(template)));
}

describe('createTemplateMiner', () => {
  it.each([
    [['user 17 logged in from 10.0.0.1', 'user 4711 logged in from 10.2.0.9:80'], 'user <*> logged in from <*>'],
    [['took 5 ms', 'took 3 s', 'took <1 sec', 'took 2.5s'], 'took <*>'],
    [['at Sat Jul  9 12:16:49 2005 up', 'at Mon Aug 10 02:00:00 2005 up'], 'at <*> up'],
    [['read /var/lib/a/b1 done', 'read /srv/x done', 'read C:\\data\\x.bin done'], 'read <*> done'],
    [['block blk_-12 ok', 'block blk_993 ok'], 'block blk_<*> ok'],
    [['free 1, 2, 3 of [7]', 'free 1 of [9]'], 'free <*> of [<*>]'],
    [['peer fe80::1:2 up', 'peer 00:11:43:e3:ba:c3 up'], 'peer <*> up'],
    [['user= uid=0', 'user=7 uid=3'], 'user=<*> uid=<*>'],
    [['GET https://a.b/c?d=1 200', 'GET http://c.d/ 404'], 'GET <*>'],
  ])('masks what varies whatever the system: %j', (lines, template) => {
    expect(new Set(mined(lines))).toEqual(new Set([template]));
  });

  it('finds a word that varies once four different values stood there, and joins the lines before it too', () => {
    const lines = ['ann', 'bob', 'cyd', 'dan', 'eve'].map((name) => `login of ${name} refused by gate`);
    expect(new Set(mined(lines))).toEqual(new Set(['login of <*> refused by gate']));
    expect(new Set(mined(lines.slice(0, 3))).size).toBe(3);
  });

  it('finds two words that vary together', () => {
    const lines = Array.from({ length: 8 }, (_, index) => {
      const letter = String.fromCodePoint(97 + index);
      return `mail from ${letter}ann to ${letter}bob was queued`;
    });
    expect(new Set(mined(lines))).toEqual(new Set(['mail from <*> to <*> was queued']));
  });

  it('keeps states and verbs apart, which are few and say what happened', () => {
    const lines = ['STARTING', 'RUNNING', 'FAILED', 'KILLED', 'LOST'].map((state) => `task 12 went to ${state} now`);
    expect(new Set(mined(lines)).size).toBe(5);
    expect(
      new Set(mined(['opened', 'closed', 'refused', 'dropped', 'dialing'].map((verb) => `session was ${verb} by peer`)))
        .size,
    ).toBe(5);
  });

  it('gives a template the same id whatever came before it', () => {
    const idAfter = (lines: string[]) => {
      const miner = createTemplateMiner();
      for (const line of lines) miner.add(line);
      return templateId(miner.add('disk 7 is full'));
    };
    expect(idAfter([])).toBe(idAfter(['net is down', 'disk 9 is full', 'disk is here']));
    expect(idAfter([])).not.toBe(templateId(createTemplateMiner().add('disk 7 is gone')));
  });

  it('gives up the templates seen longest ago, and never holds more than it may', () => {
    const miner = createTemplateMiner({ maxTemplates: 100 });
    const word = (index: number) => String(index).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
    for (let index = 0; index < 3_000; index += 1) {
      miner.add(`${word(index)} ${word(index * 7)} ${word(index * 13)}`);
      miner.add('the one that always comes');
    }
    expect(miner.templates().length).toBeLessThanOrEqual(100);
    expect(miner.templates().find((template) => templateText(template) === 'the one that always comes')?.count).toBe(
      3_000,
    );
    const held = miner.templates().reduce((sum, { count }) => sum + count, 0);
    expect(held + miner.forgotten()).toBe(6_000);
  });

  it('takes any text, every line into one template, the same each time', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 300 }),
      fc
        .array(
          fc.constantFrom(
            '\u001b[31m',
            '::',
            '[',
            ']',
            '=',
            '<',
            '1',
            'a',
            ' ',
            '\u0000',
            '\uD800',
            '/',
            '-',
            ':',
            'é',
          ),
          { maxLength: 80 },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (lines) => {
        const templates = mined(lines);
        expect(templates).toHaveLength(lines.length);
        expect(mined(lines)).toEqual(templates);
      }),
      { numRuns: 100 },
    );
  });

  it('does not care for colours', () => {
    expect(new Set(mined(['\u001b[1;31mERROR\u001b[0m out of 5', 'ERROR out of 7']))).toEqual(
      new Set(['ERROR out of <*>']),
    );
  });
});
