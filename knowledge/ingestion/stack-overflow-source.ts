import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { SourceDocument } from '../chunk.ts';
import { readingVersion } from './read-format.ts';
import { documentOf } from './reader.ts';
import { readHtml } from './readers/read-html.ts';
import type { SourceReader } from './source-reader.ts';

/** Titles kept for the answers that follow; of older questions the answers are named by number. */
const mostTitles = 500_000;
const longestRow = 1_000_000;
const attribute = /(\w+)="([^"]*)"/g;
const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Posts of a dump of Stack Overflow or another Stack Exchange site (`Posts.xml`, a row a line): a document a question or answer of at least
 * `leastScore` votes, at its line. The file is streamed, so that its size does not matter; a row that is not well formed is reported.
 */
export function createStackOverflowSource(options: {
  file: string;
  labels?: readonly string[];
  name?: string;
  leastScore?: number;
}): SourceReader {
  const { file, labels = [], leastScore = 1 } = options;
  const titles = new Map<string, string>();
  // The walk waits for each item, so that the row at hand is all that is kept.
  let current: { uri: string; line: number; row: string } | undefined;
  return {
    name: options.name ?? file,
    list: async function* (signal) {
      titles.clear();
      const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
      try {
        let line = 0;
        for await (const row of lines) {
          line += 1;
          signal?.throwIfAborted();
          if (!row.trimStart().startsWith('<row ')) continue;
          const id = /\bId="(\d+)"/.exec(row.slice(0, 200))?.[1];
          const title = /\bTitle="([^"]*)"/.exec(row)?.[1];
          if (id !== undefined && title !== undefined) {
            if (titles.size >= mostTitles) titles.delete(titles.keys().next().value!);
            titles.set(id, decoded(title));
          }
          const score = Number(/\bScore="(-?\d+)"/.exec(row)?.[1] ?? 0);
          if (score < leastScore) continue;
          const uri = `${basename(file)}/${id ?? `line ${line}`}`;
          current = { uri, line, row };
          const hash = createHash('sha256').update(row).digest('hex').slice(0, 16);
          yield { uri, stamp: `${hash}:${readingVersion};${labels.join(',')}` };
        }
      } finally {
        lines.close();
      }
    },
    load: ({ uri }) => {
      if (current?.uri !== uri) return Promise.reject(new RangeError('rows are read in their order only'));
      return Promise.resolve(Buffer.from(current.row));
    },
    parse: ({ uri }) => {
      if (current?.uri !== uri) return Promise.reject(new RangeError('rows are read in their order only'));
      return Promise.resolve([{ ...readPost(current, titles), labels: [...labels] }]);
    },
  };
}

function readPost(
  { uri, line, row }: { uri: string; line: number; row: string },
  titles: ReadonlyMap<string, string>,
): SourceDocument {
  if (row.length > longestRow) throw new RangeError(`a row of ${row.length} characters`);
  if (!/\/>\s*$/.test(row)) throw new SyntaxError('the row does not end');
  const values = new Map([...row.matchAll(attribute)].map(([, name, value]) => [name!, decoded(value!)]));
  const body = values.get('Body');
  if (body === undefined) throw new SyntaxError('the row has no body');
  const parent = values.get('ParentId');
  const title = values.get('Title') ?? titles.get(parent ?? '') ?? `Answer to question ${parent ?? uri}`;
  const kind = values.get('PostTypeId') === '2' ? 'Answer' : 'Question';
  const tags = [...(values.get('Tags') ?? '').matchAll(/[<|]([^<>|]+)/g)].map(([, tag]) => tag!);
  const text = readHtml(uri, body)
    .sections.map((section) => [...section.path, section.text].join('\n'))
    .join('\n\n');
  const votes = `${kind}, score ${values.get('Score') ?? '0'}${tags.length === 0 ? '' : `, tags ${tags.join(', ')}`}`;
  const section = { path: [kind], text: `${votes}\n${text}`, line, lineTo: line };
  return documentOf(uri, title, 'document', [section]);
}

function decoded(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return named[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
