import type { Clock } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Indexer } from '../indexer.ts';
import type { VectorSpaces } from '../vector-spaces.ts';
import { readSource } from './read-source.ts';
import type { SourceReader, SourceReport } from './source-reader.ts';
import { createSourceRuns, dueSources, type SourceRun } from './source-runs.ts';

/** Where documents come from, and how often it is looked at. */
export interface ScheduledSource {
  reader: SourceReader;
  everyMs: number;
}

export interface IngestReport {
  sources: SourceReport[];
  documents: number;
  passages: number;
}

/** How far reading has come: items of this source done, of so many where that is known. */
export interface IngestProgress {
  source: string;
  done: number;
  total?: number;
}

export interface IngestRequest {
  /** Names of the sources to read; all by default. */
  only?: readonly string[];
  onProgress?: (progress: IngestProgress) => void;
  signal?: AbortSignal;
}

/** A source with its schedule and what came of reading it last. */
export interface SourceStatus {
  source: string;
  everyMs: number;
  last?: SourceRun;
}

/** Keeps the catalogue and its indexes in line with the sources. */
export interface Ingestion {
  /** A source that cannot be read is in the report and keeps its documents; documents of sources that are configured no longer go. Not to be run twice at once. */
  run(request: IngestRequest): Promise<IngestReport>;
  status(): SourceStatus[];
  due(): { due: string[]; nextMs: number };
}

interface IngestionDeps {
  catalogue: Catalogue;
  clock: Clock;
  database: Database;
  logger: Logger;
  indexer: Indexer;
  spaces: VectorSpaces;
}

/** Ingestion of these sources. `kept` are sources that are written by other means. */
export function createIngestion(
  deps: IngestionDeps,
  sources: readonly ScheduledSource[],
  options: { kept: readonly string[] },
): Ingestion {
  const { catalogue, clock, database, logger, indexer, spaces } = deps;
  const runs = createSourceRuns(database);
  const names = new Set([...sources.map(({ reader }) => reader.name), ...options.kept]);
  const read = async (reader: SourceReader, { onProgress, signal }: IngestRequest): Promise<SourceReport> => {
    const started = clock.monotonic();
    try {
      const total = onProgress === undefined ? undefined : await reader.count?.();
      const ready = async (done: number): Promise<void> => {
        await indexer.indexPending(signal);
        onProgress?.({ source: reader.name, done, ...(total === undefined ? {} : { total }) });
      };
      return await readSource({ catalogue, clock, database }, reader, {
        ready,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (thrown) {
      signal?.throwIfAborted();
      const reason = CerebroError.from(thrown).message.slice(0, 300);
      return {
        source: reader.name,
        read: 0,
        unchanged: 0,
        removed: 0,
        failed: [{ uri: reader.name, reason }],
        elapsedMs: clock.monotonic() - started,
      };
    }
  };
  const forgetOthers = (): void => {
    const gone = catalogue.sources().filter((name) => !names.has(name));
    for (const name of gone) for (const uri of catalogue.known(name).keys()) catalogue.remove(name, uri);
    runs.forget(runs.all().flatMap(({ source }) => (names.has(source) ? [] : [source])));
  };
  return {
    run: async (request) => {
      const reports: SourceReport[] = [];
      forgetOthers();
      for (const { reader } of sources) {
        if (request.only !== undefined && !request.only.includes(reader.name)) continue;
        const report = await read(reader, request);
        runs.keep(report, clock.now());
        const { source, unchanged, removed, failed, elapsedMs } = report;
        const failures = failed.length;
        logger.info('knowledge-source-read', {
          source,
          read: report.read,
          unchanged,
          removed,
          failed: failures,
          elapsedMs,
        });
        reports.push(report);
      }
      await indexer.indexPending(request.signal);
      await spaces.renew(request.signal);
      const { documents, chunks } = catalogue.counts();
      return { sources: reports, documents, passages: chunks };
    },
    status: () => {
      const last = new Map(runs.all().map((run) => [run.source, run]));
      return sources.map(({ reader, everyMs }) => {
        const run = last.get(reader.name);
        return { source: reader.name, everyMs, ...(run === undefined ? {} : { last: run }) };
      });
    },
    due: () =>
      dueSources(
        sources.map(({ reader, everyMs }) => ({ name: reader.name, everyMs })),
        runs.all(),
        clock.now(),
      ),
  };
}
