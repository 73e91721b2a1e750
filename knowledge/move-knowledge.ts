import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import type { Database } from '../infra/runtime/database.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createCatalogue } from './catalogue.ts';
import { type Embedder, spaceOf } from './embedder.ts';
import {
  clearStores,
  moveStores,
  type MoveProgress,
  type MoveReport,
  type MoveState,
  notMoved,
  type StoreSet,
} from './move-stores.ts';
import { createStoreHome } from './store-home.ts';
import { openKnowledgeFile } from './stores/knowledge-file.ts';
import { describeHome, type Home, type RemoteStores } from './stores/remote-stores.ts';
import { openSqliteGraphStore } from './stores/sqlite-graph-store.ts';
import { openSqliteKeywordIndex } from './stores/sqlite-keyword-index.ts';
import { openSqliteVectorStore } from './stores/sqlite-vector-store.ts';
import { createVectorSpaces, type OpenSpace } from './vector-spaces.ts';

export interface MoveOptions {
  /** Folder of `knowledge.db`; no other process may use it. */
  folder: string;
  from: RemoteStores;
  to: RemoteStores;
  /** Configured embedders, when the vectors are not of the learned one. */
  embedders?: readonly Embedder[];
  /** Empties the target's part of this knowledge first. */
  restart?: boolean;
  onProgress?: MoveProgress;
  signal?: AbortSignal;
}

const keptProgress = z.object({
  to: z.string(),
  keywords: z.string(),
  vectors: z.string(),
  keywordsDone: z.number(),
  vectorsDone: z.number(),
});

/**
 * Moves the indexes of a knowledge file to other stores and, when counts and checksums agree, notes that they are there now. A stopped move goes on where
 * it was. Throws CONFIG_INVALID where `from` is not where the indexes lie, STORE_DAMAGED where the sides differ at the end; nothing is switched then.
 */
export async function moveKnowledge(options: MoveOptions): Promise<MoveReport> {
  const database = openKnowledgeFile(join(options.folder, 'knowledge.db'));
  try {
    return await move(database, options);
  } finally {
    database.close();
  }
}

async function move(database: Database, options: MoveOptions): Promise<MoveReport> {
  const { from, to } = options;
  const home = createStoreHome(database);
  const held = describeHome(home.current());
  if (held !== describeHome(from.home))
    throw new CerebroError(
      'CONFIG_INVALID',
      `The knowledge lies elsewhere (${held}); give the config that names these stores with --config.`,
    );
  if (held === describeHome(to.home))
    throw new CerebroError('CONFIG_INVALID', `The knowledge lies there already (${held}); there is nothing to move.`);
  const catalogue = createCatalogue(database);
  if (catalogue.counts().pending > 0)
    throw new CerebroError(
      'CONFLICT',
      'Some documents are not indexed yet; start Cerebro once, stop it, and move again.',
    );
  const fileSpace: OpenSpace = (space, dimensions) => openSqliteVectorStore({ database }, { space, dimensions });
  const openFrom = from.openSpace ?? fileSpace;
  const spaces = createVectorSpaces({ database, catalogue, openSpace: openFrom }, { former: options.embedders ?? [] });
  const current = spaces.current();
  const setOf = (side: RemoteStores, openSpace: OpenSpace): StoreSet => ({
    keywords: side.keywords ?? openSqliteKeywordIndex({ database }),
    graph: side.graph ?? openSqliteGraphStore({ database }),
    ...(current === undefined ? {} : { vectors: openSpace(spaceOf(current.embedder), current.embedder.dimensions) }),
  });
  const source = setOf(from, openFrom);
  const target = setOf(to, to.openSpace ?? fileSpace);
  // A part that stays is one store on both sides and is left alone.
  if (stays('keywords', options)) target.keywords = source.keywords;
  if (stays('graph', options)) target.graph = source.graph;
  if (stays('vectors', options) && source.vectors !== undefined) target.vectors = source.vectors;
  const write = database.sql.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES ('move', ?)");
  const goal = describeHome(to.home);
  const progress = { to: goal, ...(options.restart === true ? notMoved : progressIn(database, goal)) };
  try {
    if (options.restart === true) await clearStores(source, target);
    const report = await moveStores({ catalogue, from: source, to: target }, progress, {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: (part, done, total) => {
        write.run(serialize(progress));
        options.onProgress?.(part, done, total);
      },
    });
    database.transaction(() => {
      home.set(to.home);
      database.sql.exec("DELETE FROM settings WHERE name = 'move'");
    });
    return report;
  } finally {
    for (const store of new Set([source.vectors, target.vectors, current?.store])) await store?.close();
  }
}
function stays(part: keyof Home, { from, to }: MoveOptions): boolean {
  return from.home[part] === to.home[part];
}

function progressIn(database: Database, to: string): MoveState {
  const value = database.sql.prepare("SELECT value FROM settings WHERE name = 'move'").get()?.['value'];
  if (!(value instanceof Uint8Array)) return notMoved;
  const parsed = keptProgress.safeParse(deserialize(value));
  return parsed.success && parsed.data.to === to ? parsed.data : notMoved;
}
