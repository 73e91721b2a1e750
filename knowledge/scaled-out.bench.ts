import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { startServices, stopServices } from '../infra/services/start-services.ts';
import { createCatalogue } from './catalogue.ts';
import { haveCorpora, percentile, queriesOf, windows } from './fixtures-passages.ts';
import { createIndexer } from './indexer.ts';
import { createRetriever } from './retrieval/retriever.ts';
import { openKnowledgeFile } from './stores/knowledge-file.ts';
import { openRemoteStores } from './stores/remote-stores.ts';
import { createTopologyMemory } from './topology/topology-memory.ts';
import { createVectorSpaces } from './vector-spaces.ts';

const passages = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'services-'));
const { urls, missing } = haveCorpora ? await startServices(folder) : { urls: {}, missing: { neo4j: 'no corpora' } };
const { opensearch, neo4j } = urls;
const absent = opensearch === undefined || neo4j === undefined;

afterAll(async () => {
  await stopServices(folder);
  rmSync(folder, { recursive: true, force: true });
});

/** How long at least one call to a back end was under way, from its calls' times. */
function busy(calls: { from: number; to: number }[]): number {
  let sum = 0;
  let until = 0;
  for (const { from, to } of calls.toSorted((left, right) => left.from - right.from)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

describe.skipIf(absent)(`search on servers${absent ? ` (skipped: ${Object.values(missing).join('; ')})` : ''}`, () => {
  it('adds at most 3 ms to the slowest back end', async () => {
    const calls: Record<string, { from: number; to: number }[]> = { keywords: [], vectors: [], graph: [] };
    /** The same store, each call's time noted. */
    const timed = <T extends object>(part: string, store: T): T =>
      new Proxy(store, {
        get: (target, name): unknown => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return async (...parameters: unknown[]): Promise<unknown> => {
            const from = performance.now();
            try {
              return await Reflect.apply(member, target, parameters);
            } finally {
              calls[part]!.push({ from, to: performance.now() });
            }
          };
        },
      });
    const remote = await openRemoteStores({
      keywords: { kind: 'opensearch', url: opensearch ?? '', index: 'bench' },
      vectors: { kind: 'neo4j', url: neo4j ?? '' },
      graph: { kind: 'neo4j', url: neo4j ?? '' },
    });
    const database = openKnowledgeFile(':memory:');
    const catalogue = createCatalogue(database);
    const keywords = timed('keywords', remote.keywords!);
    const graph = timed('graph', remote.graph!);
    const spaces = createVectorSpaces({
      database,
      catalogue,
      openSpace: (space, dimensions) => timed('vectors', remote.openSpace!(space, dimensions)),
    });
    const topology = createTopologyMemory({ database, graph });
    const clock = createFakeClock(0);
    const texts = windows(100_000).filter((_, index) => index % 5 === 0);
    database.transaction(() => {
      for (const [index, { title, text }] of texts.entries()) {
        const chunk = { title, heading: '', headings: '', text, lineFrom: 1, lineTo: 1 };
        const about = { uri: `${index}`, title, kind: 'document' as const, labels: [], entities: [], sections: [] };
        catalogue.put('bench', about, { hash: `${index}-------`, stamp: '' }, [chunk]);
      }
    });
    let started = performance.now();
    await createIndexer({ catalogue, keywords, spaces, topology, clock }).indexPending();
    const indexed = performance.now() - started;
    started = performance.now();
    await spaces.renew();
    const embedded = performance.now() - started;
    const retriever = createRetriever({ catalogue, keywords, spaces, topology, clock });
    const retrieve = (text: string) =>
      retriever.retrieve({ text, scope: { kinds: [], labels: [] }, entities: [], limit: 8 });
    const queries = queriesOf(texts, 230);
    for (const text of queries.slice(0, 30)) await retrieve(text);
    const [totals, slowest, added, work]: number[][] = [[], [], [], []];
    for (const text of queries.slice(30)) {
      for (const part of Object.keys(calls)) calls[part] = [];
      const used = process.cpuUsage();
      const before = performance.now();
      await retrieve(text);
      const total = performance.now() - before;
      const { user, system } = process.cpuUsage(used);
      const slow = Math.max(...Object.values(calls).map(busy));
      totals!.push(total);
      slowest!.push(slow);
      added!.push(total - slow);
      work!.push((user + system) / 1_000);
    }
    const show = (values: number[]): string =>
      [0.5, 0.95].map((share) => percentile(values, share).toFixed(2)).join(' / ');
    process.stdout.write(
      `${passages} passages on OpenSearch and Neo4j at load ${loadavg()[0]?.toFixed(1)}: indexed ${indexed.toFixed(0)} ms, embedded ${embedded.toFixed(0)} ms; p50 / p95 ms: query ${show(totals!)}, slowest back end ${show(slowest!)}, added by us ${show(added!)}, our processor time ${show(work!)}\n`,
    );
    expect(percentile(added!, 0.5)).toBeLessThan(3);
    await keywords.close();
    await graph.close();
    await spaces.close();
  });
});
