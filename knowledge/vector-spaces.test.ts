import { beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../infra/runtime/random.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import type { Embedder } from './embedder.ts';
import { toUnit } from './embedders/learned-embedder.ts';
import { openKnowledgeFile } from './stores/knowledge-file.ts';
import { openSqliteVectorStore } from './stores/sqlite-vector-store.ts';
import { createVectorSpaces, type VectorSpaces } from './vector-spaces.ts';

const passages = 600;

/** An embedder of a model: vectors depend on the text and the version. `onEmbed` runs before each call. */
function fakeEmbedder(version: string, dimensions: number, onEmbed: () => Promise<void> = () => Promise.resolve()) {
  const embedded: string[] = [];
  const embedder: Embedder = {
    name: 'fake',
    version,
    dimensions,
    embed: async (texts, purpose) => {
      await onEmbed();
      if (purpose === 'passage') embedded.push(...texts);
      return texts.map((text) => {
        const random = createRandom(text.length * 31 + text.codePointAt(text.length - 1)! + Number(version));
        return toUnit(Float32Array.from({ length: dimensions }, () => random.next() - 0.5));
      });
    },
  };
  return { embedder, embedded };
}

describe('vector spaces', () => {
  let database: ReturnType<typeof openKnowledgeFile>;
  let catalogue: Catalogue;
  beforeEach(() => {
    database = openKnowledgeFile(':memory:');
    catalogue = createCatalogue(database);
    for (let number = 0; number < passages; number += 1) put(number, `text ${number}`);
  });
  const put = (number: number, text: string, edition = 'a'): void => {
    const chunk = { title: '', heading: '', headings: '', text, lineFrom: 1, lineTo: 1 };
    catalogue.put(
      's',
      { uri: `${number}`, title: `Page ${number}`, kind: 'runbook', labels: [], entities: [], sections: [] },
      { hash: `${edition}${String(number).padStart(7, '0')}`, stamp: '' },
      [chunk],
    );
  };
  const open = (options: Parameters<typeof createVectorSpaces>[1]): VectorSpaces =>
    createVectorSpaces(
      {
        database,
        catalogue,
        openSpace: (space, dimensions) => openSqliteVectorStore({ database }, { space, dimensions }),
      },
      options,
    );
  const idsIn = async (spaces: VectorSpaces): Promise<string[]> =>
    (await spaces.current()!.store.entries('', 10_000)).map(({ id }) => id);
  const wanted = (): string[] => catalogue.page('', 10_000).map(({ id }) => id);
  const spacesHeld = (): unknown[] =>
    database.sql
      .prepare('SELECT DISTINCT space FROM vector_rows')
      .all()
      .map((row) => row['space']);
  const ask = async (spaces: VectorSpaces): Promise<{ version: string; found: number }> => {
    const { embedder, store } = spaces.current()!;
    const [vector] = await embedder.embed(['text 5'], 'query');
    const found = await store.search({ vector: vector!, scope: { kinds: [], labels: [] }, limit: 5 });
    return { version: embedder.version, found: found.length };
  };

  it('answers from the old vectors until the new ones are complete, then from the new ones only', async () => {
    const old = fakeEmbedder('1', 8).embedder;
    expect(await open({ embedder: old }).renew()).toBe(true);
    const answers: { version: string; found: number }[] = [];
    let spaces: VectorSpaces | undefined;
    const { embedder } = fakeEmbedder('2', 12, async () => {
      if (spaces !== undefined && spaces.current()?.embedder.version === '1') answers.push(await ask(spaces));
    });
    spaces = open({ embedder, former: [old] });
    // A page that changes while all is embedded anew is in both spaces.
    const renewing = spaces.renew();
    put(7, 'another text', 'b');
    const changed = catalogue.page('', 10_000).find(({ uri }) => uri === '7')!;
    await spaces.upsert([changed]);
    await spaces.delete(catalogue.stale());
    expect(await renewing).toBe(true);
    expect(answers.length).toBeGreaterThan(2);
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"version":"1","found":5}']));
    expect(await ask(spaces)).toEqual({ version: '2', found: 5 });
    expect((await idsIn(spaces)).sort()).toEqual(wanted().sort());
    expect(spacesHeld()).toEqual(['fake@2']);
    expect(await spaces.renew()).toBe(false);
  });

  it('goes on where a stopped process left it, and never asks twice for one text', async () => {
    const old = fakeEmbedder('1', 8).embedder;
    await open({ embedder: old }).renew();
    const { embedder, embedded } = fakeEmbedder('2', 12);
    const stop = new AbortController();
    let calls = 0;
    const broken = {
      ...embedder,
      embed: async (texts: readonly string[], purpose: 'query' | 'passage') => {
        calls += 1;
        if (calls === 3) stop.abort();
        stop.signal.throwIfAborted();
        return embedder.embed(texts, purpose);
      },
    };
    await expect(open({ embedder: broken, former: [old] }).renew(stop.signal)).rejects.toThrow('abort');
    expect(embedded).toHaveLength(512);
    // Meanwhile a page is gone.
    catalogue.remove('s', '3');
    const spaces = open({ embedder, former: [old] });
    expect(spaces.current()?.embedder.version).toBe('1');
    await spaces.renew();
    expect(embedded).toHaveLength(passages);
    expect((await idsIn(spaces)).sort()).toEqual(wanted().sort());
    // A process that knows the new embedder alone goes on with its vectors.
    expect((await ask(open({ embedder }))).version).toBe('2');
  });

  it('drops a space that a stopped process gave up, and goes back to the learned embedding when none is configured', async () => {
    const first = fakeEmbedder('1', 8).embedder;
    await open({ embedder: first }).renew();
    const spaces = open({ former: [first] });
    expect(spaces.current()?.embedder.name).toBe('fake');
    await spaces.renew();
    expect(spaces.current()?.embedder.name).toBe('learned');
    expect(spacesHeld()).toEqual(['learned@1']);
    expect(open({}).current()?.embedder.name).toBe('learned');
  });
});
