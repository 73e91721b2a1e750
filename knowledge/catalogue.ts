import { type Topology, topology as topologySchema } from '../domain/entity.ts';
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

/** How the names of documents as sources of topology begin. */
export const documentStatements = 'document ';

/** What a document states of the topology. Edges are said by the document. */
export interface Statement {
  saidBy: string;
  topology: Topology;
}

/** The documents and their passages: the truth that the indexes are built from. */
export interface Catalogue {
  /** Names of all sources that documents came from. */
  sources(): string[];
  known(source: string): Map<string, KnownDocument>;
  /** Replaces a document and its passages; old passage ids become stale, new ones wait to be indexed. */
  put(
    source: string,
    document: SourceDocument,
    version: { hash: string; stamp: string },
    chunks: readonly Chunk[],
  ): void;
  touch(source: string, uri: string, stamp: string): void;
  /** Items of a source that were read and hold no document, with their stamps. */
  barren(source: string): Map<string, string>;
  /** Replaces what is known of such items. */
  keepBarren(source: string, items: ReadonlyMap<string, string>): void;
  remove(source: string, uri: string): void;
  /** Passages of documents that are not in the indexes yet, at most `limit` documents at a time. */
  pending(limit: number): { documents: number[]; passages: Passage[]; statements: Statement[] };
  /** Passage ids that the indexes must forget. */
  stale(): string[];
  /** Says that the indexes have taken in these documents and forgotten these ids. */
  settle(documents: readonly number[], stale: readonly string[]): void;
  /** Documents that are gone or state no topology any more, which the topology must forget. */
  staleStatements(): string[];
  settleStatements(saidBy: readonly string[]): void;
  /** Ids of the first passages of documents that declare to be about an entity of this name, newest document first, whoever may see them. */
  about(name: string, limit: number): string[];
  /** Whether a document that all may read declares to be about an entity of this name, or one of this name was stated. */
  isEntityName(name: string): boolean;
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
  const addEntity = sql.prepare('INSERT OR IGNORE INTO document_entities (name, document) VALUES (?, ?)');
  const removeEntities = sql.prepare('DELETE FROM document_entities WHERE document = ?');
  const putTopology = sql.prepare('INSERT OR REPLACE INTO document_topology (document, body) VALUES (?, ?)');
  const removeTopology = sql.prepare('DELETE FROM document_topology WHERE document = ?');
  const topologyOf = sql.prepare(
    'SELECT d.source, d.uri, t.body FROM document_topology t JOIN documents d ON d.id = t.document WHERE d.id = ?',
  );
  const markStatement = sql.prepare(
    'INSERT OR IGNORE INTO stale_statements (said_by) SELECT ? WHERE EXISTS (SELECT 1 FROM topology_named WHERE said_by = ?)',
  );
  const unmarkStatement = sql.prepare('DELETE FROM stale_statements WHERE said_by = ?');
  const knownName = sql.prepare(
    `SELECT 1 FROM document_entities e JOIN documents d ON d.id = e.document WHERE e.name = ? AND d.labels = '[]' UNION ALL SELECT 1 FROM topology_names WHERE name = ? LIMIT 1`,
  );
  const aboutName = sql.prepare(
    'SELECT c.id FROM document_entities e JOIN chunks c ON c.document = e.document AND c.ordinal = 0 WHERE e.name = ? ORDER BY e.document DESC LIMIT ?',
  );
  const touch = sql.prepare('UPDATE documents SET stamp = ? WHERE source = ? AND uri = ?');
  const pendingIds = sql.prepare('SELECT id FROM documents WHERE indexed = 0 ORDER BY id LIMIT ?');
  const setIndexed = sql.prepare('UPDATE documents SET indexed = 1 WHERE id = ?');
  return {
    sources: () =>
      sql
        .prepare('SELECT DISTINCT source FROM documents ORDER BY source')
        .all()
        .map((row) => String(row['source'])),
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
        removeEntities.run(id);
        for (const name of entities) addEntity.run(name.toLowerCase(), id);
        const said = saidByOf(source, uri);
        // What only some may read is not told to all by the shared topology.
        if (document.topology !== undefined && labels.length === 0) {
          putTopology.run(id, JSON.stringify(document.topology));
          unmarkStatement.run(said);
        } else {
          removeTopology.run(id);
          markStatement.run(said, said);
        }
        for (const [ordinal, chunk] of chunks.entries()) {
          // The document's hash is part of the id, so that a passage's id never means two different texts.
          const chunkId = `${id}.${ordinal}.${version.hash.slice(0, 8)}`;
          const { heading, headings, text, lineFrom, lineTo } = chunk;
          addChunk.run(chunkId, id, ordinal, heading, headings, text, lineFrom, lineTo);
          unstale.run(chunkId);
        }
      }),
    barren: (source) =>
      new Map(
        sql
          .prepare('SELECT uri, stamp FROM barren_items WHERE source = ?')
          .all(source)
          .map((row) => [String(row['uri']), String(row['stamp'])]),
      ),
    keepBarren: (source, items) =>
      database.transaction(() => {
        sql.prepare('DELETE FROM barren_items WHERE source = ?').run(source);
        const add = sql.prepare('INSERT INTO barren_items (source, uri, stamp) VALUES (?, ?, ?)');
        for (const [uri, stamp] of items) add.run(source, uri, stamp);
      }),
    touch: (source, uri, stamp) => void touch.run(stamp, source, uri),
    remove: (source, uri) =>
      database.transaction(() => {
        const said = saidByOf(source, uri);
        markStatement.run(said, said);
        markStale.run(source, uri);
        removeDocument.run(source, uri);
      }),
    pending: (limit) => {
      const documents = pendingIds.all(limit).map((row) => Number(row['id']));
      const statements = documents.flatMap((id): Statement[] => {
        const row = topologyOf.get(id);
        if (row === undefined) return [];
        const topology = topologySchema.parse(JSON.parse(String(row['body'])));
        return [{ saidBy: saidByOf(String(row['source']), String(row['uri'])), topology }];
      });
      return { documents, passages: documents.flatMap((id) => byDocument.all(id).map(passageIn)), statements };
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
    staleStatements: () =>
      sql
        .prepare('SELECT said_by FROM stale_statements ORDER BY said_by')
        .all()
        .map((row) => String(row['said_by'])),
    settleStatements: (saidBy) =>
      database.transaction(() => {
        for (const name of saidBy) unmarkStatement.run(name);
      }),
    about: (name, limit) => aboutName.all(name.toLowerCase(), limit).map((row) => String(row['id'])),
    isEntityName: (name) => knownName.get(name.toLowerCase(), name.toLowerCase()) !== undefined,
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

/** Who states a document's topology. The prefix tells documents from what was observed. */
function saidByOf(source: string, uri: string): string {
  return `${documentStatements}${source}/${uri}`;
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
