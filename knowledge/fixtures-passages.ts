import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../infra/runtime/random.ts';

const data = join(import.meta.dirname, '../../shared/data');

/** Whether the public corpora that the benchmarks make passages of are here. */
export const haveCorpora = existsSync(join(data, 'runbooks'));

/** Windows of 60 words over the public corpora, one document each. */
export function windows(passages: number): { text: string; title: string }[] {
  const all = ['runbooks', 'cranfield'].flatMap((set) =>
    readFileSync(join(data, set, 'corpus.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
      .map((row) => (row !== null && typeof row === 'object' ? { ...row } : {}) as Record<string, string>)
      .map((row) => ({ title: row['title'] ?? row['path'] ?? '', words: (row['text'] ?? '').split(/\s+/) })),
  );
  const total = all.reduce((sum, { words }) => sum + words.length, 0);
  const stride = Math.max(1, Math.floor(total / passages));
  return all
    .flatMap(({ title, words }) =>
      Array.from({ length: Math.ceil(words.length / stride) }, (_, index) => ({
        title,
        text: words.slice(index * stride, index * stride + 60).join(' '),
      })),
    )
    .slice(0, passages);
}

/** The value below which this share of the values lies. */
export const percentile = (values: number[], share: number): number =>
  values.toSorted((left, right) => left - right)[Math.floor(share * (values.length - 1))]!;

/** Questions of 6 to 23 words of the passages themselves, the same each time. */
export function queriesOf(texts: readonly { text: string }[], count: number): string[] {
  const random = createRandom(7);
  return Array.from({ length: count }, () => {
    const words = random.pick(texts).text.split(' ');
    return words.slice(0, 6 + random.integer(18)).join(' ');
  });
}
