import { createHash } from 'node:crypto';
import type { Clock } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Catalogue, KnownDocument } from '../catalogue.ts';
import type { SourceDocument } from '../chunk.ts';
import { chunkSections } from '../text/chunk-sections.ts';
import type { SourceItem, SourceReader, SourceReport } from './source-reader.ts';

const documentsAtOnce = 64;

/**
 * Brings the catalogue in line with a source: new and changed documents are put, those that are gone removed, the rest left alone (by stamp,
 * then by content hash). A document that cannot be read is reported and keeps its last good state. Calls `ready` after each batch.
 */
export async function readSource(
  deps: { catalogue: Catalogue; clock: Clock; database: Database },
  reader: SourceReader,
  options: { ready: (done: number) => Promise<void>; signal?: AbortSignal },
): Promise<SourceReport> {
  const { catalogue, clock } = deps;
  const started = clock.monotonic();
  const known = catalogue.known(reader.name);
  const itemOf = new Map<string, KnownDocument[]>();
  for (const document of known.values()) {
    const item = itemUri(document.uri);
    itemOf.set(item, [...(itemOf.get(item) ?? []), document]);
  }
  const report: SourceReport = { source: reader.name, read: 0, unchanged: 0, removed: 0, failed: [], elapsedMs: 0 };
  const gone = new Set(known.keys());
  // What holds no document leaves no document to know it by.
  const barren = catalogue.barren(reader.name);
  const stillBarren = new Map<string, string>();
  let batch: { documents: SourceDocument[]; hash: string; stamp: string }[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    const current = batch;
    batch = [];
    deps.database.transaction(() => {
      for (const { documents, hash, stamp } of current)
        for (const document of documents)
          catalogue.put(reader.name, document, { hash, stamp }, chunkSections(document));
    });
    await options.ready(done);
  };
  const take = async (item: SourceItem): Promise<void> => {
    const before = itemOf.get(item.uri) ?? [];
    for (const { uri } of before) gone.delete(uri);
    if (before.length === 0 && item.stamp !== '' && barren.get(item.uri) === item.stamp) {
      stillBarren.set(item.uri, item.stamp);
      report.unchanged += 1;
      return;
    }
    if (item.stamp !== '' && before.length > 0 && before.every(({ stamp }) => stamp === item.stamp)) {
      report.unchanged += 1;
      return;
    }
    try {
      const bytes = await reader.load(item);
      const hash = createHash('sha256')
        .update(item.stamp.slice(item.stamp.lastIndexOf(':') + 1))
        .update(bytes)
        .digest('hex')
        .slice(0, 24);
      if (before.length > 0 && before.every((document) => document.hash === hash)) {
        for (const { uri } of before) catalogue.touch(reader.name, uri, item.stamp);
        report.unchanged += 1;
        return;
      }
      const documents = await reader.parse(item, bytes);
      const still = new Set(documents.map(({ uri }) => uri));
      for (const { uri } of before) if (!still.has(uri)) gone.add(uri);
      if (documents.length === 0) stillBarren.set(item.uri, item.stamp);
      batch.push({ documents, hash, stamp: item.stamp });
      report.read += 1;
    } catch (thrown) {
      report.failed.push({ uri: item.uri, reason: CerebroError.from(thrown).message.slice(0, 300) });
    }
  };
  for await (const item of reader.list(options.signal)) {
    options.signal?.throwIfAborted();
    await take(item);
    done += 1;
    if (batch.length >= documentsAtOnce) await flush();
  }
  deps.database.transaction(() => {
    for (const uri of gone) catalogue.remove(reader.name, uri);
    catalogue.keepBarren(reader.name, stillBarren);
  });
  report.removed = gone.size;
  await flush();
  report.elapsedMs = clock.monotonic() - started;
  return report;
}

/** Documents within one file are told apart by what follows `#`. */
function itemUri(uri: string): string {
  const mark = uri.indexOf('#');
  return mark < 0 ? uri : uri.slice(0, mark);
}
