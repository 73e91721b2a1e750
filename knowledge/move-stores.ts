import { createHash } from 'node:crypto';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Catalogue } from './catalogue.ts';
import type { GraphStore } from './graph-store.ts';
import { keywordEntryOf } from './indexed-text.ts';
import type { KeywordIndex } from './keyword-index.ts';
import type { VectorStore } from './vector-store.ts';

/** What was moved, and the checksums that both sides agreed on. */
export interface MoveReport {
  keywords: { count: number; checksum: string };
  vectors: { count: number; checksum: string };
  graph: { entities: number; edges: number; checksum: string };
}

/** The stores of one side. */
export interface StoreSet {
  keywords: KeywordIndex;
  vectors: VectorStore;
  graph: GraphStore;
}

const atOnce = 500;

/**
 * Copies everything from one set of stores to another and then checks counts and checksums of both. `progress` keeps how far each part is: the
 * same progress given again goes on where a broken move stopped (writing twice does no harm). Throws STORE_DAMAGED when the sides differ
 * at the end; the source is never changed.
 */
export async function moveStores(
  deps: { catalogue: Catalogue; from: StoreSet; to: StoreSet },
  progress: { keywords: string; vectors: string },
  options: { onProgress?: (part: 'keywords' | 'vectors' | 'graph', done: number) => void; signal?: AbortSignal } = {},
): Promise<MoveReport> {
  const { catalogue, from, to } = deps;
  const { onProgress, signal } = options;
  let done = 0;
  for (;;) {
    signal?.throwIfAborted();
    const page = catalogue.page(progress.keywords, atOnce);
    if (page.length === 0) break;
    await to.keywords.upsert(page.map(keywordEntryOf));
    progress.keywords = page.at(-1)!.id;
    onProgress?.('keywords', (done += page.length));
  }
  done = 0;
  for (;;) {
    signal?.throwIfAborted();
    const page = await from.vectors.entries(progress.vectors, atOnce);
    if (page.length === 0) break;
    await to.vectors.upsert(page);
    progress.vectors = page.at(-1)!.id;
    onProgress?.('vectors', (done += page.length));
  }
  const topology = await from.graph.snapshot();
  await to.graph.upsert(topology);
  onProgress?.('graph', topology.entities.length + topology.edges.length);
  const [before, after] = [await sumUp(from), await sumUp(to)];
  if (JSON.stringify(before) !== JSON.stringify(after))
    throw new CerebroError(
      'STORE_DAMAGED',
      'The moved stores differ from their source; empty the target and move again, nothing was switched over.',
      { details: { before, after } },
    );
  return after;
}

async function sumUp({ keywords, vectors, graph }: StoreSet): Promise<MoveReport> {
  const words = createHash('sha256');
  for (let after = ''; ;) {
    const ids = await keywords.ids(after, atOnce);
    if (ids.length === 0) break;
    for (const id of ids) words.update(`${id}\n`);
    after = ids.at(-1)!;
  }
  const places = createHash('sha256');
  for (let after = ''; ;) {
    const page = await vectors.entries(after, atOnce);
    if (page.length === 0) break;
    // Servers may scale vectors anew; four decimals are the same on every side.
    for (const { id, kind, labels, vector } of page)
      places.update(
        JSON.stringify([id, kind, labels.toSorted(), Array.from(vector, (value) => Math.round(value * 1e4) + 0)]),
      );
    after = page.at(-1)!.id;
  }
  const topology = await graph.snapshot();
  return {
    keywords: { count: await keywords.count(), checksum: words.digest('hex') },
    vectors: { count: await vectors.count(), checksum: places.digest('hex') },
    graph: {
      entities: topology.entities.length,
      edges: topology.edges.length,
      checksum: createHash('sha256').update(JSON.stringify(topology)).digest('hex'),
    },
  };
}
