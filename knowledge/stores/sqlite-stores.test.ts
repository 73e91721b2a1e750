import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../infra/runtime/database.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import { createCatalogue } from '../catalogue.ts';
import { toUnit } from '../embedders/learned-embedder.ts';
import { describeGraphStore } from './graph-store.conformance.ts';
import { describeIndex } from './index-store.conformance.ts';
import { knowledgeMigrations, openKnowledgeFile } from './knowledge-file.ts';
import { openSqliteGraphStore } from './sqlite-graph-store.ts';
import { openSqliteKeywordIndex } from './sqlite-keyword-index.ts';
import { openSqliteVectorStore } from './sqlite-vector-store.ts';

const scope = { kinds: [], labels: [] };
const inFolder = async (work: (path: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'stores-'));
  try {
    await work(join(folder, 'knowledge.db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};
const word = { title: [], headings: [], body: ['queue'] };

describe('sqlite keyword index', () => {
  describeIndex(() => {
    const database = openKnowledgeFile(':memory:');
    const index = openSqliteKeywordIndex({ database });
    return Promise.resolve({
      put: (entries) => index.upsert(entries.map((entry) => ({ ...entry, ...word }))),
      delete: (ids) => index.delete(ids),
      find: (scope, limit, offset = 0) => index.search({ terms: [{ term: 'queue', weight: 1 }], scope, limit, offset }),
      ids: () => index.ids('', 1_000),
      count: () => index.count(),
      close: () => Promise.resolve(database.close()),
    });
  });

  it('sees what another process wrote, replaced and deleted in the same file', () =>
    inFolder(async (path) => {
      const [one, two] = [openKnowledgeFile(path), openKnowledgeFile(path)];
      const [writer, reader] = [openSqliteKeywordIndex({ database: one }), openSqliteKeywordIndex({ database: two })];
      const entry = { id: 'a', kind: 'document' as const, labels: [], ...word };
      const find = (term: string) => reader.search({ terms: [{ term, weight: 1 }], scope, limit: 5 });
      await writer.upsert([entry, { ...entry, id: 'b' }]);
      expect((await find('queue')).map(({ id }) => id)).toEqual(['a', 'b']);
      await writer.upsert([{ ...entry, body: ['disk'] }]);
      await writer.delete(['b']);
      expect(await find('queue')).toEqual([]);
      await reader.upsert([{ ...entry, id: 'c', body: ['disk', 'lamp'] }]);
      await writer.upsert([{ ...entry, id: 'd', body: ['lamp', 'door'] }]);
      expect((await find('lamp')).map(({ id }) => id)).toEqual(['c', 'd']);
      one.close();
      two.close();
    }));

  it('gives the same scores whether all postings are walked or the frequent ones only looked up', async () => {
    const database = openKnowledgeFile(':memory:');
    const index = openSqliteKeywordIndex({ database });
    const random = createRandom(3);
    await index.upsert(
      Array.from({ length: 15_000 }, (_, number) => ({
        id: `e${number}`,
        kind: 'document' as const,
        labels: [],
        title: [],
        headings: [],
        body: [
          'common',
          'usual',
          ...(number % 100 === 0 ? ['rare'] : []),
          ...Array.from({ length: random.integer(9) }, () => 'pad'),
        ],
      })),
    );
    const search = (...terms: string[]) =>
      index.search({ terms: terms.map((term) => ({ term, weight: 1 })), scope, limit: 20 });
    const sum = new Map<string, number>();
    for (const term of ['rare', 'common', 'usual'])
      for (const { id, score } of await index.search({ terms: [{ term, weight: 1 }], scope, limit: 15_000 }))
        sum.set(id, (sum.get(id) ?? 0) + score);
    const found = await search('rare', 'common', 'usual');
    expect(found).toHaveLength(20);
    for (const { id, score } of found) expect(score).toBeCloseTo(sum.get(id)!, 9);
    expect(found[0]!.score).toBeCloseTo(Math.max(...sum.values()), 9);
    database.close();
  });
});

describe('sqlite vector store', () => {
  const vector = toUnit(Float32Array.of(1, 2, 3));
  describeIndex(() => {
    const database = openKnowledgeFile(':memory:');
    const store = openSqliteVectorStore({ database }, { space: 's@1', dimensions: 3 });
    return Promise.resolve({
      put: (entries) => store.upsert(entries.map((entry) => ({ ...entry, vector }))),
      delete: (ids) => store.delete(ids),
      find: (scope, limit, offset = 0) => store.search({ vector, scope, limit, offset }),
      ids: async () => (await store.entries('', 1_000)).map(({ id }) => id),
      count: () => store.count(),
      close: () => Promise.resolve(database.close()),
    });
  });

  it('keeps spaces apart, refuses vectors of another length, and drops one space only', async () => {
    const database = openKnowledgeFile(':memory:');
    const old = openSqliteVectorStore({ database }, { space: 's@1', dimensions: 3 });
    const fresh = openSqliteVectorStore({ database }, { space: 's@2', dimensions: 2 });
    await old.upsert([{ id: 'a', kind: 'document', labels: [], vector }]);
    await fresh.upsert([{ id: 'a', kind: 'document', labels: [], vector: Float32Array.of(1, 0) }]);
    expect(() => old.upsert([{ id: 'b', kind: 'document', labels: [], vector: Float32Array.of(1, 0) }])).toThrow(
      '2 dimensions',
    );
    await old.drop();
    expect([await old.count(), await fresh.count()]).toEqual([0, 1]);
    database.close();
  });

  it('finds nearly all true neighbours through binary codes', async () => {
    const database = openKnowledgeFile(':memory:');
    const dimensions = 64;
    const store = openSqliteVectorStore({ database }, { space: 's@1', dimensions });
    const random = createRandom(5);
    const make = () => toUnit(Float32Array.from({ length: dimensions }, () => random.next() + random.next() - 1));
    const entries = Array.from({ length: 20_000 }, (_, number) => ({
      id: `${number}`,
      kind: 'document' as const,
      labels: [],
      vector: make(),
    }));
    await store.upsert(entries);
    let right = 0;
    for (let asked = 0; asked < 20; asked += 1) {
      const query = make();
      const exact = entries
        .map(({ id, vector: other }) => ({ id, score: other.reduce((sum, value, at) => sum + value * query[at]!, 0) }))
        .sort((left, other) => other.score - left.score)
        .slice(0, 10)
        .map(({ id }) => id);
      const found = await store.search({ vector: query, scope, limit: 10 });
      right += found.filter(({ id }) => exact.includes(id)).length;
    }
    expect(right / 200).toBeGreaterThan(0.85);
    database.close();
  });
});

describe('sqlite graph store', () => {
  describeGraphStore(() => {
    const database = openKnowledgeFile(':memory:');
    return Promise.resolve({
      store: openSqliteGraphStore({ database }),
      close: () => Promise.resolve(database.close()),
    });
  });
});

describe('knowledge file', () => {
  it('brings a file of each older version up to date with all that it holds', () =>
    inFolder((path) => {
      for (let version = 1; version <= knowledgeMigrations.length; version += 1) {
        const old = openDatabase(`${path}.${version}`, knowledgeMigrations.slice(0, version));
        old.sql.exec(
          `INSERT INTO documents (source, uri, kind, title, labels, entities, hash, stamp, indexed) VALUES ('s', 'a.md', 'runbook', 'A', '["x"]', '["orders"]', 'h', '', 1);
           INSERT INTO chunks (id, document, ordinal, heading, headings, text, line_from, line_to) VALUES ('1.0.h', 1, 0, '', '', 'text', 1, 2)`,
        );
        old.close();
        const database = openKnowledgeFile(`${path}.${version}`);
        const catalogue = createCatalogue(database);
        expect(catalogue.page('', 5)).toMatchObject([
          { uri: 'a.md', labels: ['x'], entities: ['orders'], text: 'text' },
        ]);
        expect(catalogue.counts()).toMatchObject({ documents: 1, pending: 0 });
        database.close();
      }
      return Promise.resolve();
    }));

  it('refuses a file of a newer version and says what to do', () =>
    inFolder((path) => {
      openKnowledgeFile(path).close();
      const raw = new DatabaseSync(path);
      raw.exec('PRAGMA user_version = 99');
      raw.close();
      expect(() => openKnowledgeFile(path)).toThrow('upgrade');
      return Promise.resolve();
    }));
});
