import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { createSecret } from '../infra/runtime/secret.ts';
import { type Services, startServices, stopServices } from '../infra/services/start-services.ts';
import { describeAccess } from './access.conformance.ts';
import { openKnowledge } from './knowledge.ts';
import { moveKnowledge } from './move-knowledge.ts';
import { describeServers } from './stores/servers.conformance.ts';
import { openRemoteStores, type RemoteStores, type StoreSettings } from './stores/remote-stores.ts';

// Real servers: those that the variables name, else those that this machine can start.
const folder = mkdtempSync(join(tmpdir(), 'services-'));
const { QDRANT_URL, OPENSEARCH_URL, NEO4J_URL, NEO4J_PASSWORD } = process.env;
const given: Services['urls'] = {
  ...(QDRANT_URL === undefined ? {} : { qdrant: QDRANT_URL }),
  ...(OPENSEARCH_URL === undefined ? {} : { opensearch: OPENSEARCH_URL }),
  ...(NEO4J_URL === undefined ? {} : { neo4j: NEO4J_URL }),
};
const started: Services = Object.keys(given).length === 0 ? await startServices(folder) : { urls: {}, missing: {} };
const urls = { ...started.urls, ...given };
const { opensearch, neo4j } = urls;
const absent = opensearch === undefined || neo4j === undefined;
const reason = Object.values(started.missing).join('; ');
const deps = { clock: createFakeClock('2030-01-01T00:00:00Z'), logger: silentLogger, metrics: createMetrics() };
const plainLogin = NEO4J_PASSWORD === undefined ? {} : { username: 'neo4j', password: NEO4J_PASSWORD };
const login = NEO4J_PASSWORD === undefined ? {} : { username: 'neo4j', password: createSecret(NEO4J_PASSWORD) };
let made = 0;

const settings = (): StoreSettings => ({
  keywords: { kind: 'opensearch', url: opensearch ?? '', index: `knowledge-${process.pid}-${(made += 1)}` },
  vectors: { kind: 'neo4j', url: neo4j ?? '', ...login },
  graph: { kind: 'neo4j', url: neo4j ?? '', ...login },
});
/** The servers hold one knowledge at a time; each test begins with none. */
const emptied = async (stores: RemoteStores): Promise<RemoteStores> => {
  const store = stores.openSpace?.('learned@1', 24);
  await store?.drop();
  await store?.close();
  const { entities } = (await stores.graph?.snapshot()) ?? { entities: [] };
  await stores.graph?.delete(entities.map(({ id }) => id));
  return stores;
};

afterAll(async () => {
  await stopServices(folder);
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(absent)(`knowledge on OpenSearch and Neo4j${absent ? ` (skipped: ${reason})` : ''}`, () => {
  describeAccess(async (readers) => {
    const stores = await emptied(await openRemoteStores(settings()));
    const knowledge = openKnowledge(deps, { folder: ':memory:', sources: [], readers, stores });
    return { knowledge, close: () => knowledge.close() };
  });

  it('is moved by the command, which says what it proved', { timeout: 120_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'command-'));
    try {
      const place = settings();
      await emptied(await openRemoteStores(place));
      const knowledge = openKnowledge(deps, { folder: home, sources: [join(import.meta.dirname, '..', 'docs')] });
      const { passages } = await knowledge.ingest();
      await knowledge.close();
      const stores = {
        keywords: place.keywords,
        vectors: { kind: 'neo4j', url: neo4j, ...plainLogin },
        graph: { kind: 'neo4j', url: neo4j, ...plainLogin },
      };
      writeFileSync(join(home, 'to.json'), JSON.stringify({ knowledge: { stores } }));
      const run = promisify(execFile);
      const main = join(import.meta.dirname, '..', 'main.ts');
      const words = ['knowledge', 'move', '--data', home, '--to', join(home, 'to.json')];
      const { stdout, stderr } = await run(process.execPath, [main, ...words]);
      expect(stdout).toContain(`the same on both sides: ${passages} passages by words`);
      expect(stderr).toContain(`vectors: ${passages} of ${passages}`);
      await expect(run(process.execPath, [main, ...words])).rejects.toThrow('lies elsewhere');
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it('is moved there and back with the same answers', { timeout: 180_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'moved-'));
    const runbooks = join(import.meta.dirname, '..', 'docs');
    const questions = ['which metrics are there', 'config of the console', 'error codes', 'how is a cause proved'];
    const ask = async (stores: RemoteStores | undefined) => {
      const knowledge = openKnowledge(deps, {
        folder: home,
        sources: [runbooks],
        ...(stores === undefined ? {} : { stores }),
      });
      await knowledge.ingest();
      await knowledge.topology.state(
        'test',
        {
          entities: [{ id: 'service:a', kind: 'service', name: 'a' }],
          edges: [{ from: 'service:a', to: 'service:b', kind: 'calls', source: 'test', confidence: 1 }],
        },
        '2030-01-01T00:00:00Z',
      );
      const found = [];
      for (const text of questions) {
        const request = { text, scope: { kinds: [], labels: [] }, entities: [], limit: 3 };
        found.push((await knowledge.retrieve(request)).map(({ passage }) => passage.id));
      }
      const counts = knowledge.counts();
      await knowledge.close();
      return { found, counts };
    };
    try {
      const before = await ask(undefined);
      const place = settings();
      const file = await openRemoteStores({});
      await emptied(await openRemoteStores(place));
      const there = await moveKnowledge({ folder: home, from: file, to: await openRemoteStores(place) });
      expect(there.keywords.count).toBe(before.counts.chunks);
      expect(there.vectors?.count).toBe(before.counts.chunks);
      expect(there.graph).toMatchObject({ edges: 1 });
      const after = await ask(await openRemoteStores(place));
      // BM25 differs in detail between the two, the first answers do not.
      expect(after.found.map(([first]) => first)).toEqual(before.found.map(([first]) => first));
      const back = await moveKnowledge({
        folder: home,
        from: await openRemoteStores(place),
        to: await openRemoteStores({}),
        restart: true,
      });
      expect(back).toEqual(there);
      expect(await ask(undefined)).toEqual(before);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});

describeServers({
  urls,
  missing: started.missing,
  ...(NEO4J_PASSWORD === undefined ? {} : { password: NEO4J_PASSWORD }),
  // In Docker the servers outlive us and are not ours to kill.
  ...(Object.keys(given).length === 0 && started.missing.qdrant !== undefined ? { folder } : {}),
});
