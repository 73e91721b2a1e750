import { type Database, openDatabase } from '../../infra/runtime/database.ts';

/** One script a schema version, oldest first; never changed once released. */
export const knowledgeMigrations: readonly string[] = [
  `
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  uri TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  labels TEXT NOT NULL,
  entities TEXT NOT NULL,
  hash TEXT NOT NULL,
  stamp TEXT NOT NULL,
  indexed INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, uri)
);
CREATE INDEX documents_pending ON documents (indexed) WHERE indexed = 0;
CREATE TABLE chunks (
  id TEXT PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  heading TEXT NOT NULL,
  headings TEXT NOT NULL,
  text TEXT NOT NULL,
  line_from INTEGER NOT NULL,
  line_to INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX chunks_document ON chunks (document, ordinal);
CREATE TABLE stale_chunks (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE source_runs (
  source TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  result TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE keyword_terms (id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE);
CREATE TABLE keyword_rows (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  labels TEXT NOT NULL,
  lengths TEXT NOT NULL,
  terms BLOB NOT NULL
);
CREATE TABLE keyword_deleted (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL);

CREATE TABLE vector_rows (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  space TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  labels TEXT NOT NULL,
  vector BLOB NOT NULL,
  UNIQUE (space, id)
);
CREATE TABLE vector_deleted (sequence INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, id TEXT NOT NULL);

CREATE TABLE graph_entities (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE graph_edges (
  source_id TEXT NOT NULL,
  target_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  said_by TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  confidence REAL NOT NULL,
  PRIMARY KEY (source_id, target_id, kind, said_by, valid_from)
) WITHOUT ROWID;
CREATE INDEX graph_edges_target ON graph_edges (target_id);
`,
  `
CREATE TABLE document_entities (
  name TEXT NOT NULL,
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  PRIMARY KEY (name, document)
) WITHOUT ROWID;
CREATE INDEX document_entities_document ON document_entities (document);
INSERT OR IGNORE INTO document_entities (name, document)
  SELECT lower(value), documents.id FROM documents, json_each(documents.entities);
CREATE TABLE document_topology (
  document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
  body TEXT NOT NULL
);
CREATE TABLE stale_statements (said_by TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE topology_statements (said_by TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE topology_named (id TEXT NOT NULL, said_by TEXT NOT NULL, PRIMARY KEY (id, said_by)) WITHOUT ROWID;
CREATE INDEX topology_named_source ON topology_named (said_by);
CREATE TABLE topology_names (name TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (name, id)) WITHOUT ROWID;
CREATE TABLE topology_entities (
  id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  PRIMARY KEY (id, valid_from)
) WITHOUT ROWID;
`,
  `
CREATE TABLE barren_items (
  source TEXT NOT NULL,
  uri TEXT NOT NULL,
  stamp TEXT NOT NULL,
  PRIMARY KEY (source, uri)
) WITHOUT ROWID;
`,
];

/** Opens the one file that holds documents, passages, keywords, vectors and the graph; `:memory:` for tests. */
export function openKnowledgeFile(path: string): Database {
  return openDatabase(path, knowledgeMigrations);
}
