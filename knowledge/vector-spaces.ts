import { setImmediate } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import type { Database } from '../infra/runtime/database.ts';
import type { Catalogue, Passage } from './catalogue.ts';
import { type Embedder, spaceOf } from './embedder.ts';
import { createLearnedEmbedder, learnEmbedding, type LearnedModel } from './embedders/learned-embedder.ts';
import { embeddedText } from './indexed-text.ts';
import type { VectorStore } from './vector-store.ts';

/** Opens the store of one embedder's vectors. */
export type OpenSpace = (space: string, dimensions: number) => VectorStore;

/**
 * The current embedder with its vectors. A new embedder (another one configured, or a corpus that outgrew the learned one) fills a space of
 * its own while the old one answers, and takes over when it is full.
 */
export interface VectorSpaces {
  /** Undefined until a first corpus was read. */
  current(): { embedder: Embedder; store: VectorStore } | undefined;
  upsert(passages: readonly Passage[], signal?: AbortSignal): Promise<void>;
  delete(ids: readonly string[]): Promise<void>;
  /** Learns or changes the embedder where that is due, and re-embeds everything into its space. */
  renew(signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

const passagesAtOnce = 256;
const sampledPassages = 8_000;
/** Fewer passages teach nothing about meaning; words alone are searched. */
const fewestPassages = 60;

const storedModel = z.object({
  version: z.string(),
  rank: z.number(),
  passages: z.number(),
  terms: z.array(z.string()),
  idf: z.instanceof(Float32Array<ArrayBuffer>),
  directions: z.instanceof(Float32Array<ArrayBuffer>),
});

/** A space that was given up and may not be dropped yet. */
const givenUp = z.object({ space: z.string(), dimensions: z.number() });

/**
 * Spaces in a knowledge file; `embedder` replaces the learned default. `former` are embedders of before: one whose vectors are still the current
 * ones goes on answering until the new space is full. Filling goes on where a stopped process left it.
 */
export function createVectorSpaces(
  deps: { database: Database; catalogue: Catalogue; openSpace: OpenSpace },
  options: { embedder?: Embedder; former?: readonly Embedder[]; rank?: number } = {},
): VectorSpaces {
  const { database, catalogue, openSpace } = deps;
  const read = database.sql.prepare('SELECT value FROM settings WHERE name = ?');
  const write = database.sql.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const forget = database.sql.prepare('DELETE FROM settings WHERE name = ?');
  const setting = (name: string): Uint8Array | undefined => {
    const value = read.get(name)?.['value'];
    return value instanceof Uint8Array ? value : undefined;
  };
  let learned = modelIn(setting('learned-model'));
  const currentSpace = setting('space');
  let current: { embedder: Embedder; store: VectorStore } | undefined;
  let next: { embedder: Embedder; store: VectorStore } | undefined;
  const open = (embedder: Embedder): { embedder: Embedder; store: VectorStore } => ({
    embedder,
    store: openSpace(spaceOf(embedder), embedder.dimensions),
  });
  const serving = currentSpace === undefined ? '' : new TextDecoder().decode(currentSpace);
  const candidates = [
    ...(options.embedder === undefined ? [] : [options.embedder]),
    ...(options.former ?? []),
    ...(learned === undefined ? [] : [createLearnedEmbedder(learned)]),
  ];
  const serves = candidates.find((one) => spaceOf(one) === serving);
  if (serves !== undefined) current = open(serves);

  const embedInto = async (
    target: { embedder: Embedder; store: VectorStore },
    passages: readonly Passage[],
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    if (passages.length === 0) return;
    const vectors = await target.embedder.embed(passages.map(embeddedText), 'passage', signal);
    await target.store.upsert(
      passages.map(({ id, kind, labels }, index) => ({ id, kind, labels, vector: vectors[index]! })),
    );
  };
  const due = async (signal: AbortSignal | undefined): Promise<Embedder | undefined> => {
    const { embedder } = options;
    const now = current === undefined ? undefined : spaceOf(current.embedder);
    if (embedder !== undefined) return now === spaceOf(embedder) ? undefined : embedder;
    const { chunks } = catalogue.counts();
    if (chunks < fewestPassages) return undefined;
    if (learned !== undefined && chunks < 2 * learned.passages) {
      const known = createLearnedEmbedder(learned);
      return now === spaceOf(known) ? undefined : known;
    }
    const texts: string[] = [];
    const every = Math.ceil(chunks / sampledPassages);
    let seen = 0;
    for (let after = ''; ;) {
      const page = catalogue.page(after, 1_000);
      if (page.length === 0) break;
      // Learning looks at a sample; keeping the rest of a large corpus in memory would serve nothing.
      for (const passage of page) {
        if (seen % every === 0) texts.push(embeddedText(passage));
        seen += 1;
      }
      after = page.at(-1)!.id;
    }
    const version = `${(Number(learned?.version ?? 0) || 0) + 1}`;
    learned = await learnEmbedding(
      texts,
      { version, passages: chunks, ...(options.rank === undefined ? {} : { rank: options.rank }) },
      signal,
    );
    write.run('learned-model', serialize(learned));
    return createLearnedEmbedder(learned);
  };
  /** Makes a part of a space hold exactly this page of passages, those between `after` and its last. */
  const fillPage = async (
    target: { embedder: Embedder; store: VectorStore },
    after: string,
    page: readonly Passage[],
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const last = page.at(-1)?.id;
    const wanted = new Set(page.map(({ id }) => id));
    const held = new Set<string>();
    for (let from = after; ;) {
      const entries = await target.store.entries(from, passagesAtOnce);
      const within = entries.filter(({ id }) => last === undefined || id <= last);
      for (const { id } of within) held.add(id);
      if (within.length < passagesAtOnce) break;
      from = within.at(-1)!.id;
    }
    const strangers = [...held].filter((id) => !wanted.has(id));
    if (strangers.length > 0) await target.store.delete(strangers);
    // An id holds its text's hash, so what is there is right.
    await embedInto(
      target,
      page.filter(({ id }) => !held.has(id)),
      signal,
    );
  };
  const dropGivenUp = async (): Promise<void> => {
    const bytes = setting('given-up-space');
    if (bytes === undefined) return;
    const { space, dimensions } = givenUp.parse(deserialize(bytes));
    if (space !== (current === undefined ? '' : spaceOf(current.embedder))) {
      const store = openSpace(space, dimensions);
      await store.drop();
      await store.close();
    }
    forget.run('given-up-space');
  };
  return {
    current: () => current,
    upsert: async (passages, signal) => {
      if (current !== undefined) await embedInto(current, passages, signal);
      if (next !== undefined) await embedInto(next, passages, signal);
    },
    delete: async (ids) => {
      await current?.store.delete(ids);
      await next?.store.delete(ids);
    },
    renew: async (signal) => {
      await dropGivenUp();
      const embedder = await due(signal);
      if (embedder === undefined) return false;
      next = open(embedder);
      try {
        for (let after = ''; ;) {
          const page = catalogue.page(after, passagesAtOnce);
          await fillPage(next, after, page, signal);
          if (page.length === 0) break;
          after = page.at(-1)!.id;
          // Questions are answered in between.
          await setImmediate();
          signal?.throwIfAborted();
        }
        const old = current;
        database.transaction(() => {
          write.run('space', new TextEncoder().encode(spaceOf(embedder)));
          if (old !== undefined)
            write.run(
              'given-up-space',
              serialize({ space: spaceOf(old.embedder), dimensions: old.embedder.dimensions }),
            );
        });
        current = next;
        await dropGivenUp();
        await old?.store.close();
      } finally {
        next = undefined;
      }
      return true;
    },
    close: async () => {
      await current?.store.close();
    },
  };
}

function modelIn(bytes: Uint8Array | undefined): LearnedModel | undefined {
  if (bytes === undefined) return undefined;
  const parsed = storedModel.safeParse(deserialize(bytes));
  // A model of an unknown form is learned anew.
  return parsed.success ? parsed.data : undefined;
}
