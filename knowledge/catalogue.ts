import type { Database } from '../infra/runtime/database.ts';
import type { Chunk, KnowledgeKind, SourceDocument } from './chunk.ts';
import { kindIn, listIn } from './stores/sqlite-keyword-index.ts';

/** A passage with the document it stands in. */
export interface Passage {
  id: string;
  document: number;
  source: string;
  uri: string;
  kind: KnowledgeKind;
  labels: string[];
  entities: string[];
  title: string;
  heading: string;
  headings: string;
  text: string;
  lineFrom: number;
  lineTo: number;
}

/** What is known of a document from the last time it was read. `stamp` changes whenever the file may have changed. */
export interface KnownDocument {
  uri: string;
  hash: string;
  stamp: string;
}

/** The documents and their passages: the truth that the indexes are built from. */
export interface Catalogue {
  known(source: string): Map<string, KnownDocument>;
  /** Replaces a document and its passages; old passage ids become stale, new ones wait to be indexed. */
  put(
    source: string,
    document: SourceDocument,
    version: { hash: string; stamp: string },
    chunks: readonly Chunk[],
  ): void;
  touch(source: string, uri: string, stamp: string): void;
  remove(source: string, uri: string): void;
  /** Passages of documents that are not in the indexes yet, at most `limit` documents at a time. */
  pending(limit: number): { documents: number[]; passages: Passage[] };
  /** Passage ids that the indexes must forget. */
  stale(): string[];
  /** Says that the indexes have taken in these documents and forgotten these ids. */
  settle(documents: readonly number[], stale: readonly string[]): void;
  passages(ids: readonly string[]): Passage[];
  /** All passages in id order after `after`. */
  page(after: string, limit: number): Passage[];
  /** Passages that stand before and after this one in its document. */
  neighbours(passage: Passage): Passage[];
  counts(): { documents: number; chunks: number; pending: number };
}

/** The catalogue within a knowledge file. */
export function createCatalogue(database: Database): Catalogue {
  const { sql } = database;
  const columns = `c.id, c.document, d.source, d.uri, d.kind, d.labels, d.entities, d.title, c.heading, c.headings, c.text, c.line_from, c.line_to`;
  const from = 'FROM chunks c JOIN documents d ON d.id = c.document';
  const byId = sql.prepare(`SELECT ${columns} ${from} WHERE c.id = ?`);
  const byDocument = sql.prepare(`SELECT ${columns} ${from} WHERE c.document = ? ORDER BY c.ordinal`);
  const around = sql.prepare(
    `SELECT ${columns} ${from} WHERE c.document = ? AND c.line_from BETWEEN ? AND ? AND c.id <> ? ORDER BY c.ordinal`,
  );
  const paged = sql.prepare(`SELECT ${columns} ${from} WHERE c.id > ? ORDER BY c.id LIMIT ?`);
  const markStale = sql.prepare(
    'INSERT OR IGNORE INTO stale_chunks (id) SELECT id FROM chunks WHERE document = (SELECT id FROM documents WHERE source = ? AND uri = ?)',
  );
  const removeChunks = sql.prepare(
    'DELETE FROM chunks WHERE document = (SELECT id FROM documents WHERE source = ? AND uri = ?)',
  );
  const removeDocument = sql.prepare('DELETE FROM documents WHERE source = ? AND uri = ?');
  const upsert = sql.prepare(
    `INSERT INTO documents (source, uri, kind, title, labels, entities, hash, stamp, indexed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
     ON CONFLICT (source, uri) DO UPDATE SET kind = excluded.kind, title = excluded.title, labels = excluded.labels,
     entities = excluded.entities, hash = excluded.hash, stamp = excluded.stamp, indexed = 0 RETURNING id`,
  );
  const addChunk = sql.prepare(
    'INSERT INTO chunks (id, document, ordinal, heading, headings, text, line_from, line_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const unstale = sql.prepare('DELETE FROM stale_chunks WHERE id = ?');
  const touch = sql.prepare('UPDATE documents SET stamp = ? WHERE source = ? AND uri = ?');
  const pendingIds = sql.prepare('SELECT id FROM documents WHERE indexed = 0 ORDER BY id LIMIT ?');
  const setIndexed = sql.prepare('UPDATE documents SET indexed = 1 WHERE id = ?');
  return {
    known: (source) =>
      new Map(
        sql
          .prepare('SELECT uri, hash, stamp FROM documents WHERE source = ?')
          .all(source)
          .map((row) => [
            String(row['uri']),
            { uri: String(row['uri']), hash: String(row['hash']), stamp: String(row['stamp']) },
          ]),
      ),
    put: (source, document, version, chunks) =>
      database.transaction(() => {
        markStale.run(source, document.uri);
        removeChunks.run(source, document.uri);
        const { uri, kind, title, labels, entities } = document;
        const row = upsert.get(
          source,
          uri,
          kind,
          title,
          JSON.stringify(labels),
          JSON.stringify(entities),
          version.hash,
          version.stamp,
        );
        const id = Number(row?.['id']);
        for (const [ordinal, chunk] of chunks.entries()) {
          // The document's hash is part of the id, so that a passage's id never means two different texts.
          const chunkId = `${id}.${ordinal}.${version.hash.slice(0, 8)}`;
          const { heading, headings, text, lineFrom, lineTo } = chunk;
          addChunk.run(chunkId, id, ordinal, heading, headings, text, lineFrom, lineTo);
          unstale.run(chunkId);
        }
      }),
    touch: (source, uri, stamp) => void touch.run(stamp, source, uri),
    remove: (source, uri) =>
      database.transaction(() => {
        markStale.run(source, uri);
        removeDocument.run(source, uri);
      }),
    pending: (limit) => {
      const documents = pendingIds.all(limit).map((row) => Number(row['id']));
      return { documents, passages: documents.flatMap((id) => byDocument.all(id).map(passageIn)) };
    },
    stale: () =>
      sql
        .prepare('SELECT id FROM stale_chunks ORDER BY id')
        .all()
        .map((row) => String(row['id'])),
    settle: (documents, stale) =>
      database.transaction(() => {
        for (const id of documents) setIndexed.run(id);
        for (const id of stale) unstale.run(id);
      }),
    passages: (ids) =>
      ids.flatMap((id) => {
        const row = byId.get(id);
        return row === undefined ? [] : [passageIn(row)];
      }),
    page: (after, limit) => paged.all(after, limit).map(passageIn),
    neighbours: (passage) =>
      around.all(passage.document, passage.lineFrom - 80, passage.lineTo + 40, passage.id).map(passageIn),
    counts: () => {
      const row = sql
        .prepare(
          'SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM chunks) AS chunks, (SELECT count(*) FROM documents WHERE indexed = 0) AS pending',
        )
        .get();
      return {
        documents: Number(row?.['documents']),
        chunks: Number(row?.['chunks']),
        pending: Number(row?.['pending']),
      };
    },
  };
}

function passageIn(row: Record<string, unknown>): Passage {
  return {
    id: String(row['id']),
    document: Number(row['document']),
    source: String(row['source']),
    uri: String(row['uri']),
    kind: kindIn(row['kind']),
    labels: listIn(row['labels']),
    entities: listIn(row['entities']),
    title: String(row['title']),
    heading: String(row['heading']),
    headings: String(row['headings']),
    text: String(row['text']),
    lineFrom: Number(row['line_from']),
    lineTo: Number(row['line_to']),
  };
}
