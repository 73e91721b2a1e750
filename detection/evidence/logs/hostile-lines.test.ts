import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { createLineGenerator } from './generate-lines.ts';
import { learnHeader } from './line-header.ts';
import { createLineScanner } from './scan-line.ts';
import { createTemplateMiner } from './template-miner.ts';

/** Lines that someone wrote to do harm, each about as long as asked. */
const shapes: Record<string, (length: number) => string> = {
  'one word': (length) => 'a'.repeat(length),
  digits: (length) => '7'.repeat(length),
  'open brackets': (length) => '[({<'.repeat(length / 4),
  colons: (length) => ':'.repeat(length),
  'hexadecimal and colons': (length) => 'a1:'.repeat(length / 3),
  'less than one': (length) => '<1'.repeat(length / 2),
  'escape sequences': (length) => '\u001b['.repeat(length / 2),
  slashes: (length) => '/a'.repeat(length / 2),
  spaces: (length) => ' '.repeat(length),
  'zero bytes': (length) => '\0'.repeat(length),
  'halves of pairs': (length) => '\uD83D'.repeat(length),
  'full stops after digits': (length) => '1.'.repeat(length / 2),
  equals: (length) => 'a='.repeat(length / 2),
  months: (length) => 'Jan 1 '.repeat(length / 6),
};

/** Processor milliseconds, the least of some tries. */
function cost(work: () => void, tries = 3): number {
  return Math.min(
    ...Array.from({ length: tries }, () => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
  );
}

describe('hostile lines', () => {
  it.each(Object.entries(shapes))('takes a megabyte of %s in bounded time and holds little of it', (_, shape) => {
    const line = shape(1_000_000);
    const miner = createTemplateMiner();
    const spent = cost(() => miner.add(line, learnHeader([line, line, line]).messageAt(line)));
    expect(spent).toBeLessThan(400);
    expect(miner.templates().reduce((sum, { tokens }) => sum + tokens.join('').length, 0)).toBeLessThan(10_000);
  });

  it.each(Object.entries(shapes))('scans %s in time linear in their length where all is read', (_, shape) => {
    const scanner = createLineScanner({ maxChars: 10_000_000, maxTokens: 200_000 });
    const [short, long] = [shape(15_000), shape(120_000)];
    scanner.scan(long, 0);
    const [once, eight] = [cost(() => scanner.scan(short, 0)), cost(() => scanner.scan(long, 0))];
    // Eight times the text: about eight times the time; 64 would be quadratic. Below a millisecond the clock says nothing.
    expect(eight).toBeLessThan(Math.max(once, 1) * 30);
  });

  it('stays within its templates and its time with 100,000 different words', () => {
    const random = createRandom(4);
    const word = () =>
      random
        .integer(2 ** 31)
        .toString(36)
        .replaceAll(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!);
    const miner = createTemplateMiner({ maxTemplates: 2_000 });
    const spent = cost(() => {
      for (let index = 0; index < 16_000; index += 1)
        miner.add(Array.from({ length: 1 + (index % 12) }, word).join(' '));
      miner.settle();
    }, 1);
    expect(miner.templates().length).toBeLessThanOrEqual(2_000);
    expect(spent).toBeLessThan(20_000);
  });

  it('finds few statements in endless values', () => {
    const generator = createLineGenerator(createRandom(3));
    const miner = createTemplateMiner();
    for (let index = 0; index < 15_000; index += 1) {
      const { line, message } = generator.next();
      miner.add(line, message);
    }
    miner.settle();
    expect(miner.templates().length).toBeLessThan(700);
    expect(miner.forgotten()).toBe(0);
  });

  it('takes empty lines', () => {
    const miner = createTemplateMiner();
    expect(miner.add('')).toBe(miner.add(' \t '));
    expect(miner.add('').tokens).toEqual([]);
  });
});
