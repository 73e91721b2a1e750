import { join } from 'node:path';
import type { Clock } from '../infra/runtime/clock.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { Metrics } from '../infra/runtime/metrics.ts';
import type { Reasoner } from '../infra/runtime/reasoner.ts';
import { createCatalogue } from './catalogue.ts';
import type { Embedder } from './embedder.ts';
import { createIncidentMemory, type IncidentMemory } from './incidents/incident-memory.ts';
import { createIndexer } from './indexer.ts';
import { createFolderSource } from './ingestion/folder-source.ts';
import { readSource } from './ingestion/read-source.ts';
import type { SourceReader, SourceReport } from './ingestion/source-reader.ts';
import { createRetriever, type RetrievalRequest, type Retrieved } from './retrieval/retriever.ts';
import { createSearch, type Search } from './search.ts';
import { openKnowledgeFile } from './stores/knowledge-file.ts';
import { openSqliteGraphStore } from './stores/sqlite-graph-store.ts';
import { openSqliteKeywordIndex } from './stores/sqlite-keyword-index.ts';
import { openSqliteVectorStore } from './stores/sqlite-vector-store.ts';
import { createTopologyMemory, type TopologyMemory } from './topology/topology-memory.ts';
import { createVectorSpaces } from './vector-spaces.ts';

export interface KnowledgeOptions {
  /** Folder for `knowledge.db`; `:memory:` keeps nothing. */
  folder: string;
  /** Folders of documents. */
  sources: readonly (string | { folder: string; labels?: readonly string[] })[];
  /** Further sources that are no folders. */
  readers?: readonly SourceReader[];
  /** Evaluations and replays: past incidents are read, never written. */
  readOnlyIncidents?: boolean;
  /** Orders the first passages of each search; a model costs a call a search. */
  reasoner?: Reasoner;
  /** Replaces the embedder that is learned from the corpus. */
  embedder?: Embedder;
}

export interface IngestReport {
  sources: SourceReport[];
  documents: number;
  passages: number;
}

/** What the team knows, searched by words, meaning and entities. */
export interface Knowledge {
  search: Search;
  /** Brings everything in line with the sources; one at a time, a second call waits for the first. Unreadable files are in the report. */
  ingest(options?: {
    onProgress?: (done: number, source: string) => void;
    signal?: AbortSignal;
  }): Promise<IngestReport>;
  /** The same search with all that is known of each hit: its passage, document and place in each ranking. */
  retrieve(request: RetrievalRequest): Promise<Retrieved[]>;
  /** What past incidents taught. */
  incidents: IncidentMemory;
  /** The topology that documents state and sources were seen to have, in time. */
  topology: TopologyMemory;
  counts(): { documents: number; chunks: number; pending: number };
  close(): Promise<void>;
}

/** Opens (and makes) the knowledge of a team in one file. Throws STORE_DAMAGED. */
export function openKnowledge(
  deps: { clock: Clock; logger: Logger; metrics: Metrics },
  options: KnowledgeOptions,
): Knowledge {
  const { clock, logger } = deps;
  const database = openKnowledgeFile(options.folder === ':memory:' ? ':memory:' : join(options.folder, 'knowledge.db'));
  const catalogue = createCatalogue(database);
  const keywords = openSqliteKeywordIndex({ database });
  const spaces = createVectorSpaces(
    {
      database,
      catalogue,
      openSpace: (space, dimensions) => openSqliteVectorStore({ database }, { space, dimensions }),
    },
    options.embedder === undefined ? {} : { embedder: options.embedder },
  );
  const graph = openSqliteGraphStore({ database });
  const topology = createTopologyMemory({ database, graph });
  const indexer = createIndexer({ catalogue, keywords, spaces, topology, clock });
  const retriever = createRetriever({
    catalogue,
    keywords,
    spaces,
    topology,
    clock,
    ...(options.reasoner === undefined ? {} : { reasoner: options.reasoner }),
  });
  const incidents = createIncidentMemory(
    { database, catalogue, indexer, retriever },
    { readOnly: options.readOnlyIncidents ?? false },
  );
  const readers: SourceReader[] = [
    ...options.sources.map((source) =>
      createFolderSource(deps, typeof source === 'string' ? { folder: source } : source),
    ),
    ...(options.readers ?? []),
  ];
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  const ingestAll = async (
    onProgress: ((done: number, source: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<IngestReport> => {
    const reports: SourceReport[] = [];
    for (const reader of readers) {
      const ready = async (done: number): Promise<void> => {
        await indexer.indexPending(signal);
        onProgress?.(done, reader.name);
      };
      const report = await readSource({ catalogue, clock, database }, reader, {
        ready,
        signal,
      });
      const { source, read, unchanged, removed, failed, elapsedMs } = report;
      logger.info('knowledge-source-read', { source, read, unchanged, removed, failed: failed.length, elapsedMs });
      reports.push(report);
    }
    await indexer.indexPending(signal);
    await spaces.renew(signal);
    const { documents, chunks } = catalogue.counts();
    return { sources: reports, documents, passages: chunks };
  };

  return {
    search: createSearch({ retriever, incidents }),
    ingest: ({ onProgress, signal } = {}) => {
      const both = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
      const next = running.then(() => ingestAll(onProgress, both));
      running = next.catch(() => undefined);
      return next;
    },
    retrieve: (request) => retriever.retrieve(request),
    incidents,
    topology,
    counts: () => catalogue.counts(),
    close: async () => {
      stopping.abort();
      await running;
      await keywords.close();
      await graph.close();
      database.close();
    },
  };
}
