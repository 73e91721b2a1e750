import { expect, it } from 'vitest';
import { createCatalogue } from './catalogue.ts';
import { keywordEntryOf } from './indexed-text.ts';
import { moveStores, notMoved } from './move-stores.ts';
import { openKnowledgeFile } from './stores/knowledge-file.ts';
import { openSqliteGraphStore } from './stores/sqlite-graph-store.ts';
import { openSqliteKeywordIndex } from './stores/sqlite-keyword-index.ts';
import { openSqliteVectorStore } from './stores/sqlite-vector-store.ts';

const passages = 1_200;

function open() {
  const database = openKnowledgeFile(':memory:');
  const set = {
    keywords: openSqliteKeywordIndex({ database }),
    vectors: openSqliteVectorStore({ database }, { space: 's@1', dimensions: 2 }),
    graph: openSqliteGraphStore({ database }),
  };
  return { set, catalogue: createCatalogue(database) };
}

async function filled(): Promise<ReturnType<typeof open>> {
  const side = open();
  for (let index = 0; index < passages; index += 1) {
    const document = {
      uri: `${index}`,
      title: `Page ${index}`,
      kind: 'runbook' as const,
      labels: ['a'],
      entities: [],
      sections: [],
    };
    const chunk = { title: '', heading: '', headings: '', text: `text ${index}`, lineFrom: 1, lineTo: 1 };
    side.catalogue.put('s', document, { hash: `hash${index}xxxx`, stamp: '' }, [chunk]);
  }
  const all = side.catalogue.page('', passages);
  await side.set.keywords.upsert(all.map(keywordEntryOf));
  await side.set.vectors.upsert(
    all.map(({ id, kind, labels }, index) => ({
      id,
      kind,
      labels,
      vector: Float32Array.of(Math.cos(index), Math.sin(index)),
    })),
  );
  await side.set.graph.upsert({
    entities: [{ id: 'service:a', kind: 'service', name: 'a' }],
    edges: [{ from: 'service:a', to: 'service:b', kind: 'calls', source: 't', confidence: 1 }],
  });
  return side;
}

it('moves everything, goes on after a break, and proves it', async () => {
  const { set: from, catalogue } = await filled();
  const { set: to } = open();
  const progress = { ...notMoved };
  const stop = new AbortController();
  const broken = moveStores({ catalogue, from, to }, progress, { onProgress: () => stop.abort(), signal: stop.signal });
  await expect(broken).rejects.toThrow('abort');
  expect(await to.keywords.count()).toBe(500);
  const steps: number[] = [];
  const onProgress = (part: string, done: number): void => void (part === 'keywords' && steps.push(done));
  const report = await moveStores({ catalogue, from, to }, progress, { onProgress });
  expect(steps).toEqual([1_000, 1_200]);
  expect(report).toMatchObject({
    keywords: { count: passages },
    vectors: { count: passages },
    graph: { entities: 1, edges: 1 },
  });
});

it('says so when the target holds something else', async () => {
  const { set: from, catalogue } = await filled();
  const { set: to } = open();
  await to.vectors.upsert([{ id: 'stranger', kind: 'document', labels: [], vector: Float32Array.of(1, 0) }]);
  await expect(moveStores({ catalogue, from, to }, { ...notMoved })).rejects.toThrow('differ');
});
