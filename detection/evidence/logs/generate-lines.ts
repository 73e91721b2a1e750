import type { Random } from '../../../infra/runtime/random.ts';

const verbs = ['accepted', 'dropped', 'stored', 'sent', 'read', 'closed', 'opened', 'retried', 'queued', 'indexed'];
const things = ['order', 'session', 'block', 'packet', 'message', 'lease', 'container', 'segment', 'ticket', 'page'];
const places = ['shard', 'replica', 'queue', 'pool', 'gateway', 'volume', 'partition', 'worker', 'bucket', 'region'];
const levels = ['INFO', 'INFO', 'INFO', 'WARN', 'ERROR', 'DEBUG'];

/**
 * Log lines as services write them, for benchmarks and floods in tests: 500 statements with two to four values that are never the same twice (numbers, addresses, ids,
 * names, paths), behind a date, a level and a class. About 120 characters each, endless.
 */
export function createLineGenerator(random: Random): { next(): { line: string; message: number } } {
  const statements = Array.from({ length: 500 }, (_, index) => {
    const [verb, thing, place] = [
      verbs[index % 10]!,
      things[Math.floor(index / 10) % 10]!,
      places[Math.floor(index / 50)]!,
    ];
    return {
      name: `shop.${place}.${thing[0]!.toUpperCase()}${thing.slice(1)}Service`,
      parts: [
        `${thing} `,
        ` was ${verb} by ${place} `,
        index % 2 === 0 ? ' in ' : ' for ',
        index % 3 === 0 ? ', size=' : ' at ',
      ],
      kinds: [index % 5, (index >> 2) % 5, (index >> 4) % 5, (index >> 6) % 5],
    };
  });
  let at = 0;
  const word = () =>
    random
      .integer(2 ** 31)
      .toString(36)
      .replaceAll(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!);
  const values = [
    () => String(random.integer(1_000_000)),
    () => `10.${random.integer(256)}.${random.integer(256)}.${random.integer(256)}:${1_024 + random.integer(60_000)}`,
    () => `blk_${random.integer(2 ** 31)}${random.integer(1_000)}`,
    word,
    () => `/var/data/${word()}/part-${random.integer(10_000)}`,
  ];
  return {
    next() {
      at += 1;
      const { name, parts, kinds } = statements[random.integer(statements.length)]!;
      const seconds = String(Math.floor(at / 10) % 60).padStart(2, '0');
      const head = `2026-11-21 04:17:${seconds},${100 + (at % 900)} ${levels[at % 6]!} ${name}: `;
      return {
        line: `${head}${parts.map((part, index) => part + values[kinds[index]!]!()).join('')}`,
        message: head.length,
      };
    },
  };
}
