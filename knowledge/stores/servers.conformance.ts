import { Client } from '@opensearch-project/opensearch';
import { describe, expect, it } from 'vitest';
import { crashService, type ServiceName } from '../../infra/services/start-services.ts';
import { toUnit } from '../embedders/learned-embedder.ts';
import type { VectorStore } from '../vector-store.ts';
import { describeDurability } from './durability.conformance.ts';
import { describeGraphStore } from './graph-store.conformance.ts';
import { describeIndex, type IndexUnderTest } from './index-store.conformance.ts';
import { openNeo4jGraphStore } from './neo4j-graph-store.ts';
import { openNeo4jVectorStore } from './neo4j-vector-store.ts';
import { openOpenSearchKeywordIndex } from './opensearch-keyword-index.ts';
import { openQdrantVectorStore } from './qdrant-vector-store.ts';

/** Servers to test against, where the ones of this process keep their data, and why others are absent. */
export interface TestServers {
  urls: Partial<Record<ServiceName, string>>;
  missing: Partial<Record<ServiceName, string>>;
  password?: string;
  /** Set where the servers are ours, so that they may be killed. */
  folder?: string;
}

let made = 0;
const fresh = (): string => `test-${process.pid}-${(made += 1)}`;

const vector = toUnit(Float32Array.of(1, 2, 3));
const vectorsUnderTest = (store: VectorStore): IndexUnderTest => ({
  put: (entries) => store.upsert(entries.map((entry) => ({ ...entry, vector }))),
  delete: (ids) => store.delete(ids),
  find: (scope, limit, offset = 0) => store.search({ vector, scope, limit, offset }),
  ids: async () => (await store.entries('', 1_000)).map(({ id }) => id),
  count: () => store.count(),
  close: async () => {
    await store.drop();
    await store.close();
  },
});

/** The same suites as for the embedded stores, against real servers. The last of them kills servers: their addresses change. */
export function describeServers(servers: TestServers): void {
  const { urls, folder } = servers;
  const login = servers.password === undefined ? {} : { username: 'neo4j', password: servers.password };
  const missing = (name: ServiceName): string =>
    urls[name] === undefined ? ` (skipped: ${servers.missing[name] ?? `${name.toUpperCase()}_URL is not set`})` : '';

  describe.skipIf(urls.qdrant === undefined)(`qdrant vector store${missing('qdrant')}`, () => {
    describeIndex(() =>
      Promise.resolve(
        vectorsUnderTest(openQdrantVectorStore({ url: urls.qdrant ?? '', space: fresh(), dimensions: 3 })),
      ),
    );
  });

  describe.skipIf(urls.neo4j === undefined)(`neo4j vector store${missing('neo4j')}`, () => {
    const open = (space: string, dimensions = 3) =>
      openNeo4jVectorStore({ url: urls.neo4j ?? '', ...login, space, dimensions });
    describeIndex(() => Promise.resolve(vectorsUnderTest(open(fresh()))));

    it('finds the nearest that may be seen where nearer ones are hidden, and bears a vector of nothing', async () => {
      const store = open(fresh(), 2);
      const at = (degrees: number): Float32Array => {
        const radians = (degrees * Math.PI) / 180;
        return Float32Array.of(Math.cos(radians), Math.sin(radians));
      };
      const entry = { kind: 'document' as const };
      await store.upsert([
        ...Array.from({ length: 60 }, (_, index) => ({
          ...entry,
          id: `h${index}`,
          labels: ['x'],
          vector: at(index / 10),
        })),
        { ...entry, id: 'far', labels: [], vector: at(80) },
        { ...entry, id: 'near', labels: [], vector: at(40) },
        { ...entry, id: 'none', labels: [], vector: Float32Array.of(0, 0) },
      ]);
      const found = await store.search({ vector: at(0), scope: { kinds: [], labels: [] }, limit: 3 });
      expect(found.map(({ id }) => id)).toEqual(['near', 'far']);
      expect(found[0]?.score).toBeCloseTo(Math.cos((40 * Math.PI) / 180), 5);
      expect(await store.count()).toBe(63);
      await store.drop();
      await store.close();
    });
  });

  describe.skipIf(urls.opensearch === undefined)(`opensearch keyword index${missing('opensearch')}`, () => {
    const word = { title: [], headings: [], body: ['queue'] };
    const open = (index: string) => openOpenSearchKeywordIndex({ url: urls.opensearch ?? '', index });
    describeIndex(() => {
      const index = open(fresh());
      return Promise.resolve({
        put: (entries) => index.upsert(entries.map((entry) => ({ ...entry, ...word }))),
        delete: (ids) => index.delete(ids),
        find: (scope, limit, offset = 0) =>
          index.search({ terms: [{ term: 'queue', weight: 1 }], scope, limit, offset }),
        ids: () => index.ids('', 1_000),
        count: () => index.count(),
        close: () => index.close(),
      });
    });

    it('names the terms that set an entry apart', async () => {
      const index = open(fresh());
      const entry = { kind: 'document' as const, labels: [], title: [], headings: [] };
      await index.upsert(
        ['a', 'b', 'c'].map((id) => ({ ...entry, id, body: id === 'a' ? ['same', 'rare'] : ['same'] })),
      );
      const [first] = await index.distinctiveTerms(['a'], 5);
      expect(first?.term).toBe('rare');
      await index.close();
    });

    it('brings an index of an older version up to date, and says what to do where it cannot', async () => {
      const name = fresh();
      const client = new Client({ node: urls.opensearch ?? '' });
      const id = { type: 'keyword' as const };
      await client.indices.create({ index: name, body: { mappings: { properties: { id } } } });
      const index = open(name);
      await index.upsert([{ id: 'a', kind: 'document', labels: ['x'], ...word }]);
      const terms = [{ term: 'queue', weight: 1 }];
      expect(await index.search({ terms, scope: { kinds: [], labels: [] }, limit: 5 })).toEqual([]);
      expect(await index.search({ terms, scope: { kinds: [], labels: ['x'] }, limit: 5 })).toHaveLength(1);
      await index.close();
      const wrong = fresh();
      await client.indices.create({
        index: wrong,
        body: { mappings: { properties: { id: { type: 'text' as const } } } },
      });
      const other = open(wrong);
      await expect(other.count()).rejects.toThrow('knowledge move');
      await other.close();
      await client.close();
    });
  });

  describe.skipIf(urls.neo4j === undefined)(`neo4j graph store${missing('neo4j')}`, () => {
    describeGraphStore(async () => {
      const store = openNeo4jGraphStore({ url: urls.neo4j ?? '', ...login });
      await store.delete((await store.snapshot()).entities.map(({ id }) => id));
      return { store, close: () => store.close() };
    });
  });

  const killable = folder === undefined ? ' (skipped: only servers that this test started are killed)' : '';
  describe.skipIf(folder === undefined)(`killed servers${killable}`, () => {
    describe('opensearch', () => {
      const name = fresh();
      let index = openOpenSearchKeywordIndex({ url: urls.opensearch ?? '', index: name });
      const entry = { kind: 'document' as const, labels: [], title: [], headings: [], body: ['queue'] };
      describeDurability(
        () =>
          Promise.resolve({
            write: (ids) => index.upsert(ids.map((id) => ({ id, ...entry }))),
            crash: async () => {
              const url = await crashService('opensearch', folder ?? '');
              await index.close();
              index = openOpenSearchKeywordIndex({ url, index: name });
            },
            ids: () => index.ids('', 10_000),
            close: () => index.close(),
          }),
        { rounds: 1 },
      );
    });
    describe('neo4j', () => {
      const space = fresh();
      const open = (url: string) => ({
        graph: openNeo4jGraphStore({ url }),
        vectors: openNeo4jVectorStore({ url, space, dimensions: 3 }),
      });
      let both = open(urls.neo4j ?? '');
      const close = async (): Promise<void> => {
        await both.graph.close();
        await both.vectors.close();
      };
      describeDurability(
        () =>
          Promise.resolve({
            write: async (ids) => {
              await both.graph.upsert({ entities: ids.map((id) => ({ id, kind: 'service', name: id })), edges: [] });
              await both.vectors.upsert(ids.map((id) => ({ id, kind: 'document', labels: [], vector })));
            },
            crash: async () => {
              const url = await crashService('neo4j', folder ?? '');
              await close();
              both = open(url);
            },
            ids: async () => {
              const entities = new Set((await both.graph.snapshot()).entities.map(({ id }) => id));
              return (await both.vectors.entries('', 10_000)).map(({ id }) => id).filter((id) => entities.has(id));
            },
            close,
          }),
        { rounds: 1 },
      );
    });
  });
}
