import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SourceDocument } from './chunk.ts';
import type { SourceReader } from './ingestion/source-reader.ts';
import type { Knowledge } from './knowledge.ts';

const labels = ['red', 'green', 'blue'];
const topics = ['queue', 'disk', 'certificate', 'memory'];

/** A page whose title, text, address and entity carry a word of its own. */
function pageOf(number: number, held: readonly string[]): SourceDocument {
  const topic = topics[number % topics.length]!;
  const own = `own${number}word`;
  return {
    uri: `${own}.md`,
    title: `${topic} ${own}`,
    kind: 'runbook',
    labels: [...held],
    entities: [`${own}-service`],
    sections: [
      { path: [own], line: 1, text: `The ${topic} of ${own} is full. Restart ${own} and look at the ${topic} again.` },
    ],
  };
}

/** The access suite: whatever stores hold the indexes, nothing of a labelled page reaches who lacks a label. Call it inside a `describe`. */
export function describeAccess(
  open: (readers: readonly SourceReader[]) => Promise<{ knowledge: Knowledge; close: () => Promise<void> }>,
): void {
  it(
    'gives no passage, no word, no address and no place in a count of what the asker lacks a label for',
    { timeout: 120_000 },
    async () => {
      // Every set of labels several times over, so that each principal has hidden pages about each topic.
      const sets = Array.from({ length: 8 }, (_, bits) => labels.filter((_, index) => ((bits >> index) & 1) === 1));
      const pages = Array.from({ length: 96 }, (_, number) => pageOf(number, sets[number % sets.length]!));
      const reader: SourceReader = {
        name: 'pages',
        async *list() {
          yield* pages.map(({ uri }) => ({ uri, stamp: '1' }));
        },
        load: ({ uri }) => Promise.resolve(new TextEncoder().encode(uri)),
        parse: (item) => Promise.resolve(pages.filter(({ uri }) => uri === item.uri)),
      };
      const { knowledge, close } = await open([reader]);
      try {
        await knowledge.ingest();
        let given = 0;
        const principal = fc.subarray(labels);
        const words = fc.array(
          fc.oneof(
            fc.constantFrom(...topics),
            fc.nat(pages.length - 1).map((number) => `own${number}word`),
          ),
          { minLength: 1, maxLength: 4 },
        );
        await fc.assert(
          fc.asyncProperty(principal, words, fc.nat(pages.length - 1), async (held, asked, near) => {
            const hidden = pages.filter((page) => page.labels.some((label) => !held.includes(label)));
            const entities = [`service:own${near}word-service`];
            const scope = { kinds: [], labels: held };
            const found = await knowledge.retrieve({ text: asked.join(' '), scope, entities, limit: 100 });
            const answer = { text: asked.join(' '), kinds: [], entities, limit: 100, labels: held };
            const seen = JSON.stringify([found, await knowledge.search.search(answer)]);
            // What the asker said is known to them; all else that only a hidden page says must not appear.
            given += found.length;
            const own = hidden
              .map(({ uri }) => uri.replace('.md', ''))
              .filter((word) => !asked.includes(word) && !entities[0]!.includes(word));
            expect(own.filter((word) => seen.includes(word))).toEqual([]);
            expect(found.filter(({ passage }) => hidden.some(({ uri }) => uri === passage.uri))).toEqual([]);
          }),
          { numRuns: 40 },
        );
      } finally {
        await close();
      }
    },
  );
}
