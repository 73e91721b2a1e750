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
  /** Absent where no vectors were made yet. */
  vectors?: { count: number; checksum: string };
  graph: { entities: number; edges: number; checksum: string };
}

/** The stores of one side. */
export interface StoreSet {
  keywords: KeywordIndex;
  vectors?: VectorStore;
  graph: GraphStore;
}

/** How far a move is: the last id of each part that was moved, and how many were. */
export interface MoveState {
  keywords: string;
  vectors: string;
  keywordsDone: number;
  vectorsDone: number;
}

/** The state of a move that has not begun. */
export const notMoved: MoveState = { keywords: '', vectors: '', keywordsDone: 0, vectorsDone: 0 };

/** Told after each batch: how much of how much of a part was moved. */
export type MoveProgress = (part: 'keywords' | 'vectors' | 'graph', done: number, total: number) => void;

const atOnce = 500;

/**
 * Copies everything from one set of stores to another (a store that stands on both sides is left alone) and then checks counts and checksums of both. `progress` keeps how far each part is: the
 * same progress given again goes on where a broken move stopped (writing twice does no harm). Throws STORE_DAMAGED when the sides differ
 * at the end; the source is never changed.
 */
export async function moveStores(
  deps: { catalogue: Catalogue; from: StoreSet; to: StoreSet },
  progress: MoveState,
  options: { onProgress?: MoveProgress; signal?: AbortSignal } = {},
): Promise<MoveReport> {
  const { catalogue, from, to } = deps;
  const { onProgress, signal } = options;
  const { chunks } = catalogue.counts();
  for (; from.keywords !== to.keywords;) {
    signal?.throwIfAborted();
    const page = catalogue.page(progress.keywords, atOnce);
    if (page.length === 0) break;
    await to.keywords.upsert(page.map(keywordEntryOf));
    progress.keywords = page.at(-1)!.id;
    progress.keywordsDone += page.length;
    onProgress?.('keywords', progress.keywordsDone, chunks);
  }
  for (; from.vectors !== undefined && to.vectors !== undefined && from.vectors !== to.vectors;) {
    signal?.throwIfAborted();
    const page = await from.vectors.entries(progress.vectors, atOnce);
    if (page.length === 0) break;
    await to.vectors.upsert(page);
    progress.vectors = page.at(-1)!.id;
    progress.vectorsDone += page.length;
    onProgress?.('vectors', progress.vectorsDone, chunks);
  }
  const topology = await from.graph.snapshot();
  if (from.graph !== to.graph) await to.graph.upsert(topology);
  const ends = topology.entities.length + topology.edges.length;
  onProgress?.('graph', ends, ends);
  const [before, after] = [await sumUp(from), await sumUp(to, from)];
  if (JSON.stringify(before) !== JSON.stringify(after))
    throw new CerebroError(
      'STORE_DAMAGED',
      'The moved stores differ from their source; nothing was switched over. Move again with --restart, which empties the target first.',
      { details: { before, after } },
    );
  return after;
}

/** Counts and checksums of stores; vectors that agree with `like`'s to four decimals count as the same, since servers may scale them anew. */
async function sumUp({ keywords, vectors, graph }: StoreSet, like?: StoreSet): Promise<MoveReport> {
  const words = createHash('sha256');
  for (let after = ''; ;) {
    const ids = await keywords.ids(after, atOnce);
    if (ids.length === 0) break;
    for (const id of ids) words.update(`${id}\n`);
    after = ids.at(-1)!;
  }
  const places = vectors === undefined ? undefined : await sumUpVectors(vectors, like?.vectors);
  const topology = await graph.snapshot();
  return {
    keywords: { count: await keywords.count(), checksum: words.digest('hex') },
    ...(places === undefined ? {} : { vectors: places }),
    graph: {
      entities: topology.entities.length,
      edges: topology.edges.length,
      checksum: createHash('sha256').update(JSON.stringify(topology)).digest('hex'),
    },
  };
}

async function sumUpVectors(vectors: VectorStore, like?: VectorStore): Promise<{ count: number; checksum: string }> {
  const places = createHash('sha256');
  for (let after = ''; ;) {
    const page = await vectors.entries(after, atOnce);
    if (page.length === 0) break;
    const others = new Map((await like?.entries(after, atOnce))?.map(({ id, vector }) => [id, vector]));
    for (const { id, kind, labels, vector } of page) {
      const other = others.get(id);
      places.update(JSON.stringify([id, kind, labels.toSorted()]));
      places.update(
        new Uint8Array(other !== undefined && areNear(vector, other) ? other.slice().buffer : vector.slice().buffer),
      );
    }
    after = page.at(-1)!.id;
  }
  return { count: await vectors.count(), checksum: places.digest('hex') };
}

function areNear(one: Float32Array, other: Float32Array): boolean {
  return one.length === other.length && one.every((value, index) => Math.abs(value - other[index]!) < 1e-4);
}

/** Empties the target's stores, those that are not the source's too, so that a move starts from nothing. */
export async function clearStores(from: StoreSet, { keywords, vectors, graph }: StoreSet): Promise<void> {
  for (; keywords !== from.keywords;) {
    const ids = await keywords.ids('', atOnce);
    if (ids.length === 0) break;
    await keywords.delete(ids);
  }
  if (vectors !== from.vectors) await vectors?.drop();
  if (graph === from.graph) return;
  const { entities, edges } = await graph.snapshot();
  for (const source of new Set(edges.map((edge) => edge.source))) await graph.deleteSource(source);
  await graph.delete(entities.map(({ id }) => id));
}
