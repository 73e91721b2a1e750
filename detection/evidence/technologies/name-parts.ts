import { wordsOf } from './words-of.ts';

/** A metric's name taken apart. */
export interface NameParts {
  /** The name without the ending of a histogram's, counter's or info's part. */
  base: string;
  /** The part that the ending names. */
  ending: 'bucket' | 'sum' | 'count' | 'total' | 'created' | 'info' | undefined;
  words: string[];
  has: (...wanted: string[]) => boolean;
  last: string;
  /** Written in one piece with humps only, as CloudWatch does. */
  humped: boolean;
}

const endings = ['bucket', 'sum', 'count', 'total', 'created', 'info'] as const;
/** How a number was summed up over time, or that it is one. */
const statistics = new Set(
  'average avg mean maximum minimum value values gauge stat p50 p75 p90 p95 p99 p999'.split(' '),
);

/** Takes a name apart; linear in its length. */
export function namePartsOf(name: string): NameParts {
  const short = name.slice(0, 300);
  const ending = endings.find((one) => short.endsWith(`_${one}`) || short.endsWith(`.${one}`));
  const base = ending === undefined ? short : short.slice(0, -ending.length - 1);
  const words = wordsOf(base);
  while (words.length > 1 && statistics.has(words.at(-1) ?? '')) words.pop();
  const set = new Set(words);
  return {
    base,
    ending,
    words,
    has: (...wanted) => wanted.some((word) => set.has(word)),
    last: words.at(-1) ?? '',
    humped: /^[A-Z]/.test(short) && !/[_.]/.test(short),
  };
}
