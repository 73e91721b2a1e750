import { loadavg } from 'node:os';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { createLineGenerator } from './generate-lines.ts';
import { learnHeader } from './line-header.ts';
import { createTemplateMiner } from './template-miner.ts';

/**
 * Run by template-miner.bench.ts as a process of its own: the test runner rewrites imports, which makes the scanner's inner loops ten times
 * as slow as they are in the product. Prints figures; the last line is JSON.
 */
const million = 1_000_000;
const generator = createLineGenerator(createRandom(1));
const lines = Array.from({ length: 200_000 }, () => generator.next());
const average = lines.reduce((sum, { line }) => sum + line.length, 0) / lines.length;
const messages = lines.reduce((sum, { line, message }) => sum + line.length - message, 0) / lines.length;
say(`lines of ${average.toFixed(0)} characters on average, messages of ${messages.toFixed(0)}`);
const header = learnHeader(lines.slice(0, 1_000).map(({ line }) => line));

const rates = [0, 1, 2].map((round) => {
  const miner = createTemplateMiner();
  const rate = measured(`messages, round ${round}`, million, () => {
    for (let index = 0; index < million; index += 1) {
      const { line, message } = lines[index % lines.length]!;
      miner.add(line, message);
    }
  });
  const raw = createTemplateMiner();
  const rawRate = measured(`raw lines, header found, round ${round}`, million, () => {
    for (let index = 0; index < million; index += 1) {
      const { line } = lines[index % lines.length]!;
      raw.add(line, header.messageAt(line));
    }
  });
  return { rate, rawRate };
});

const miner = createTemplateMiner();
const heaps: number[] = [];
const fresh = createLineGenerator(createRandom(2));
measured('10 million lines never seen before, making them included', 10 * million, () => {
  for (let index = 1; index <= 10 * million; index += 1) {
    const { line, message } = fresh.next();
    miner.add(line, message);
    if (index % million === 0) {
      globalThis.gc?.();
      heaps.push(Math.round(process.memoryUsage().heapUsed / 2 ** 20));
    }
  }
});
say(
  `heap after each million, MiB: ${heaps.join(' ')}; ${miner.templates().length} templates, ${miner.forgotten()} lines forgotten`,
);
say(
  JSON.stringify({
    rate: Math.max(...rates.map(({ rate }) => rate)),
    rawRate: Math.max(...rates.map(({ rawRate }) => rawRate)),
    heap: Math.max(...heaps),
    templates: miner.templates().length,
  }),
);

/** Lines a second of processor time; prints those by the clock too. */
function measured(name: string, count: number, work: () => void): number {
  const [cpu, wall] = [process.cpuUsage(), systemClock.monotonic()];
  work();
  const seconds = (systemClock.monotonic() - wall) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const rate = count / ((user + system) / 1e6);
  const shown = [count / seconds, rate].map((one) => `${Math.round(one).toLocaleString('en')}/s`);
  say(`${name}: ${shown[0]} by the clock, ${shown[1]} by the processor (load ${loadavg()[0]!.toFixed(1)})`);
  return rate;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
