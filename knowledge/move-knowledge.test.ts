import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import type { SourceReader } from './ingestion/source-reader.ts';
import { type Knowledge, openKnowledge } from './knowledge.ts';
import { moveKnowledge } from './move-knowledge.ts';
import { openKnowledgeFile } from './stores/knowledge-file.ts';
import { embeddedHome, type RemoteStores } from './stores/remote-stores.ts';
import { openSqliteGraphStore } from './stores/sqlite-graph-store.ts';
import { openSqliteKeywordIndex } from './stores/sqlite-keyword-index.ts';
import { openSqliteVectorStore } from './stores/sqlite-vector-store.ts';

const deps = { clock: createFakeClock('2030-01-01T00:00:00Z'), logger: silentLogger, metrics: createMetrics() };
const pages = 700;
const reader: SourceReader = {
  name: 'pages',
  async *list() {
    for (let number = 0; number < pages; number += 1) yield { uri: `${number}`, stamp: '1' };
  },
  load: ({ uri }) => Promise.resolve(new TextEncoder().encode(uri)),
  parse: ({ uri }) =>
    Promise.resolve([
      {
        uri,
        title: `Page ${uri}`,
        kind: 'runbook' as const,
        labels: [],
        entities: [],
        sections: [{ path: [], line: 1, text: `word${Number(uri) % 9} of lamp${Number(uri) % 50} and thing${uri}` }],
      },
    ]),
};

describe('moving the knowledge', () => {
  let folder: string;
  /** Stands for servers: a second file, opened anew by each process. */
  let server: ReturnType<typeof openKnowledgeFile>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'move-'));
    server = openKnowledgeFile(join(folder, 'server.db'));
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const file: RemoteStores = { home: embeddedHome };
  const remote = (): RemoteStores => ({
    keywords: openSqliteKeywordIndex({ database: server }),
    openSpace: (space, dimensions) => openSqliteVectorStore({ database: server }, { space, dimensions }),
    graph: openSqliteGraphStore({ database: server }),
    home: { keywords: 'server', vectors: 'server', graph: 'server' },
  });
  const use = async <T>(stores: RemoteStores, work: (knowledge: Knowledge) => Promise<T>): Promise<T> => {
    const knowledge = openKnowledge(deps, { folder, sources: [], readers: [reader], stores });
    try {
      return await work(knowledge);
    } finally {
      await knowledge.close();
    }
  };
  const ask = async (knowledge: Knowledge): Promise<string[]> => {
    const request = { text: 'lamp7 thing57', scope: { kinds: [], labels: [] }, entities: [], limit: 8 };
    return (await knowledge.retrieve(request)).map(({ passage }) => passage.uri);
  };

  it('gives the same answers from the new stores, refuses the old config, and comes back', async () => {
    const before = await use(file, async (knowledge) => {
      await knowledge.ingest();
      return ask(knowledge);
    });
    expect(before[0]).toBe('57');
    const report = await moveKnowledge({ folder, from: file, to: remote() });
    expect(report).toMatchObject({ keywords: { count: pages }, vectors: { count: pages } });
    expect(() => openKnowledge(deps, { folder, sources: [] })).toThrow('knowledge move');
    expect(await use(remote(), ask)).toEqual(before);
    await expect(moveKnowledge({ folder, from: file, to: remote() })).rejects.toThrow('lies elsewhere');
    await expect(moveKnowledge({ folder, from: remote(), to: remote() })).rejects.toThrow('already');
    await moveKnowledge({ folder, from: remote(), to: file, restart: true });
    expect(await use(file, ask)).toEqual(before);
  });

  it('goes on after a break', async () => {
    await use(file, (knowledge) => knowledge.ingest());
    const steps: string[] = [];
    const stop = new AbortController();
    const broken = moveKnowledge({
      folder,
      from: file,
      to: remote(),
      signal: stop.signal,
      onProgress: (part, done) => {
        steps.push(`${part} ${done}`);
        if (part === 'vectors') stop.abort();
      },
    });
    await expect(broken).rejects.toThrow('abort');
    expect(await use(file, ask)).toHaveLength(8);
    const onProgress = (part: string, done: number): void => void steps.push(`${part} ${done}`);
    await moveKnowledge({ folder, from: file, to: remote(), onProgress });
    expect(steps).toEqual(['keywords 500', 'keywords 700', 'vectors 500', 'vectors 700', 'graph 0']);
    expect((await use(remote(), ask))[0]).toBe('57');
  });

  it('leaves a part alone that stays, and never empties it', async () => {
    await use(file, (knowledge) => knowledge.ingest());
    const { keywords } = remote();
    const some = { ...(keywords === undefined ? {} : { keywords }), home: { ...embeddedHome, keywords: 'server' } };
    const parts = new Set<string>();
    const onProgress = (part: string): void => void parts.add(part);
    const report = await moveKnowledge({ folder, from: file, to: some, restart: true, onProgress });
    expect(report.vectors?.count).toBe(pages);
    expect([...parts]).toEqual(['keywords', 'graph']);
    expect((await use(some, ask))[0]).toBe('57');
  });
});
