import { join } from 'node:path';
import type { Clock } from '../infra/runtime/clock.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { Metrics } from '../infra/runtime/metrics.ts';
import type { Reasoner } from '../infra/runtime/reasoner.ts';
import { createCatalogue } from './catalogue.ts';
import type { Embedder } from './embedder.ts';
import { createIncidentMemory, type IncidentMemory, incidentSource } from './incidents/incident-memory.ts';
import { createIndexer } from './indexer.ts';
import { createFolderSource } from './ingestion/folder-source.ts';
import {
  createIngestion,
  type IngestReport,
  type IngestRequest,
  type ScheduledSource,
  type SourceStatus,
} from './ingestion/ingestion.ts';
import type { SourceReader } from './ingestion/source-reader.ts';
import { createStackOverflowSource } from './ingestion/stack-overflow-source.ts';
import { createRetriever, type RetrievalRequest, type Retrieved } from './retrieval/retriever.ts';
import { createSearch, type Search } from './search.ts';
import { createStoreHome, settleHome } from './store-home.ts';
import { openKnowledgeFile } from './stores/knowledge-file.ts';
import { embeddedHome, type RemoteStores } from './stores/remote-stores.ts';
import { openSqliteGraphStore } from './stores/sqlite-graph-store.ts';
import { openSqliteKeywordIndex } from './stores/sqlite-keyword-index.ts';
import { openSqliteVectorStore } from './stores/sqlite-vector-store.ts';
import { createTopologyMemory, type TopologyMemory } from './topology/topology-memory.ts';
import { createVectorSpaces } from './vector-spaces.ts';

const usualMinutes = 10;

/** A folder, the root of a git work tree, or the `Posts.xml` of a Stack Exchange dump. */
export interface KnowledgeSource {
  folder: string;
  /** Shown instead of the path. */
  name?: string;
  labels?: readonly string[];
  /** How often it is read while the product runs; 10 by default. */
  everyMinutes?: number;
}

export interface KnowledgeOptions {
  /** Folder for `knowledge.db`; `:memory:` keeps nothing. */
  folder: string;
  /** Folders of documents. */
  sources: readonly (string | KnowledgeSource)[];
  /** Further sources that are no folders. */
  readers?: readonly SourceReader[];
  /** Evaluations and replays: past incidents are read, never written. */
  readOnlyIncidents?: boolean;
  /** Orders the first passages of each search; a model costs a call a search. */
  reasoner?: Reasoner;
  /** Replaces the embedder that is learned from the corpus. */
  embedder?: Embedder;
  /** Embedders of before: while theirs are the vectors, they answer until the new one's are complete. */
  formerEmbedders?: readonly Embedder[];
  /** Indexes that lie on servers. */
  stores?: RemoteStores;
}

/** What the team knows, searched by words, meaning and entities. */
export interface Knowledge {
  search: Search;
  /** Brings everything in line with the sources; one at a time, a second call waits for the first. Unreadable files are in the report. */
  ingest(request?: IngestRequest): Promise<IngestReport>;
  /** Each source with its schedule and last result. */
  sources(): SourceStatus[];
  /** Sources that are due by their schedule, and when the next one will be. */
  due(): { due: string[]; nextMs: number };
  /** The same search with all that is known of each hit: its passage, document and place in each ranking. */
  retrieve(request: RetrievalRequest): Promise<Retrieved[]>;
  /** What past incidents taught. */
  incidents: IncidentMemory;
  /** The topology that documents state and sources were seen to have, in time. */
  topology: TopologyMemory;
  counts(): { documents: number; chunks: number; pending: number };
  close(): Promise<void>;
}

/** Opens (and makes) the knowledge of a team in one file; indexes may lie on servers. Throws STORE_DAMAGED; CONFIG_INVALID where the indexes lie in other stores. */
export function openKnowledge(
  deps: { clock: Clock; logger: Logger; metrics: Metrics },
  options: KnowledgeOptions,
): Knowledge {
  const { clock, logger } = deps;
  const database = openKnowledgeFile(options.folder === ':memory:' ? ':memory:' : join(options.folder, 'knowledge.db'));
  const catalogue = createCatalogue(database);
  const stores = options.stores ?? { home: embeddedHome };
  settleHome(createStoreHome(database), stores.home, catalogue.counts().documents);
  const keywords = stores.keywords ?? openSqliteKeywordIndex({ database });
  const spaces = createVectorSpaces(
    {
      database,
      catalogue,
      openSpace:
        stores.openSpace ?? ((space, dimensions) => openSqliteVectorStore({ database }, { space, dimensions })),
    },
    {
      ...(options.embedder === undefined ? {} : { embedder: options.embedder }),
      ...(options.formerEmbedders === undefined ? {} : { former: options.formerEmbedders }),
    },
  );
  const graph = stores.graph ?? openSqliteGraphStore({ database });
  const topology = createTopologyMemory({ database, graph });
  const indexer = createIndexer({ catalogue, keywords, spaces, topology, clock });
  const retriever = createRetriever({
    catalogue,
    keywords,
    spaces,
    topology,
    clock,
    onFailed: (part, { code, message }) => logger.warn('knowledge-search-part-failed', { part, code, message }),
    ...(options.reasoner === undefined ? {} : { reasoner: options.reasoner }),
  });
  const incidents = createIncidentMemory(
    { database, catalogue, indexer, retriever },
    { readOnly: options.readOnlyIncidents ?? false },
  );
  const scheduled = [
    ...options.sources.map((source) => scheduledSource(deps, typeof source === 'string' ? { folder: source } : source)),
    ...(options.readers ?? []).map((reader) => ({ reader, everyMs: usualMinutes * 60_000 })),
  ];
  const ingestion = createIngestion({ catalogue, clock, database, logger, indexer, spaces }, scheduled, {
    kept: [incidentSource],
  });
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  return {
    search: createSearch({ retriever, incidents }),
    ingest: (request = {}) => {
      const { signal } = request;
      const both = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
      const next = running.then(() => ingestion.run({ ...request, signal: both }));
      running = next.catch(() => undefined);
      return next;
    },
    sources: () => ingestion.status(),
    due: () => ingestion.due(),
    retrieve: (request) => retriever.retrieve(request),
    incidents,
    topology,
    counts: () => catalogue.counts(),
    close: async () => {
      stopping.abort();
      await running;
      await keywords.close();
      await spaces.close();
      await graph.close();
      database.close();
    },
  };
}

function scheduledSource(deps: { clock: Clock }, source: KnowledgeSource): ScheduledSource {
  const { folder, name, labels = [], everyMinutes = usualMinutes } = source;
  const named = { labels, ...(name === undefined ? {} : { name }) };
  const reader = /(^|[/\\])Posts\.xml$/.test(folder)
    ? createStackOverflowSource({ file: folder, ...named })
    : createFolderSource(deps, { folder, ...named });
  return { reader, everyMs: everyMinutes * 60_000 };
}
