import { describe, expect, it } from 'vitest';
import { toUnit } from '../embedders/learned-embedder.ts';
import { describeGraphStore } from './graph-store.conformance.ts';
import { describeIndex } from './index-store.conformance.ts';
import { openNeo4jGraphStore } from './neo4j-graph-store.ts';
import { openOpenSearchKeywordIndex } from './opensearch-keyword-index.ts';
import { openQdrantVectorStore } from './qdrant-vector-store.ts';

// The same suites as for the embedded stores, against real servers. `npm run services` says which addresses to set.
const { QDRANT_URL: qdrant, OPENSEARCH_URL: opensearch, NEO4J_URL: neo4j, NEO4J_PASSWORD: password } = process.env;
let made = 0;

describe.skipIf(qdrant === undefined)('qdrant vector store (needs QDRANT_URL)', () => {
  const vector = toUnit(Float32Array.of(1, 2, 3));
  describeIndex(() => {
    made += 1;
    const store = openQdrantVectorStore({ url: qdrant ?? '', space: `test-${process.pid}-${made}`, dimensions: 3 });
    return Promise.resolve({
      put: (entries) => store.upsert(entries.map((entry) => ({ ...entry, vector }))),
      delete: (ids) => store.delete(ids),
      find: (scope, limit, offset = 0) => store.search({ vector, scope, limit, offset }),
      ids: async () => (await store.entries('', 1_000)).map(({ id }) => id),
      count: () => store.count(),
      close: () => store.drop(),
    });
  });
});

describe.skipIf(opensearch === undefined)('opensearch keyword index (needs OPENSEARCH_URL)', () => {
  describeIndex(() => {
    made += 1;
    const index = openOpenSearchKeywordIndex({ url: opensearch ?? '', index: `test-${process.pid}-${made}` });
    const word = { title: [], headings: [], body: ['queue'] };
    return Promise.resolve({
      put: (entries) => index.upsert(entries.map((entry) => ({ ...entry, ...word }))),
      delete: (ids) => index.delete(ids),
      find: (scope, limit, offset = 0) => index.search({ terms: [{ term: 'queue', weight: 1 }], scope, limit, offset }),
      ids: () => index.ids('', 1_000),
      count: () => index.count(),
      close: () => index.close(),
    });
  });

  it('names the terms that set an entry apart', async () => {
    made += 1;
    const index = openOpenSearchKeywordIndex({ url: opensearch ?? '', index: `test-${process.pid}-${made}` });
    const entry = { kind: 'document' as const, labels: [], title: [], headings: [] };
    await index.upsert(['a', 'b', 'c'].map((id) => ({ ...entry, id, body: id === 'a' ? ['same', 'rare'] : ['same'] })));
    const [first] = await index.distinctiveTerms(['a'], 5);
    expect(first?.term).toBe('rare');
    await index.close();
  });
});

describe.skipIf(neo4j === undefined)('neo4j graph store (needs NEO4J_URL)', () => {
  describeGraphStore(async () => {
    const login = password === undefined ? {} : { username: 'neo4j', password };
    const store = openNeo4jGraphStore({ url: neo4j ?? '', ...login });
    await store.delete((await store.snapshot()).entities.map(({ id }) => id));
    return { store, close: () => store.close() };
  });
});
