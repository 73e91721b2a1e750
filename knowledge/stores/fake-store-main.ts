import { openKnowledgeFile } from './knowledge-file.ts';
import { openSqliteGraphStore } from './sqlite-graph-store.ts';
import { openSqliteKeywordIndex } from './sqlite-keyword-index.ts';
import { openSqliteVectorStore } from './sqlite-vector-store.ts';

// A process for the durability suite: holds one embedded store, writes the ids it is sent, and answers when they are acknowledged.
const [path = '', which = ''] = process.argv.slice(2);
const database = openKnowledgeFile(path);
const keywords = openSqliteKeywordIndex({ database });
const vectors = openSqliteVectorStore({ database }, { space: 's@1', dimensions: 2 });
const graph = openSqliteGraphStore({ database });
const entry = { kind: 'document' as const, labels: [] };

async function write(ids: readonly string[]): Promise<void> {
  if (which === 'keywords')
    await keywords.upsert(ids.map((id) => ({ id, ...entry, title: [], headings: [], body: ['word'] })));
  else if (which === 'vectors')
    await vectors.upsert(ids.map((id) => ({ id, ...entry, vector: Float32Array.of(1, 0) })));
  else await graph.upsert({ entities: ids.map((id) => ({ id, kind: 'service', name: id })), edges: [] });
}

async function ids(): Promise<string[]> {
  if (which === 'keywords') return keywords.ids('', 100_000);
  if (which === 'vectors') return (await vectors.entries('', 100_000)).map(({ id }) => id);
  return (await graph.snapshot()).entities.map(({ id }) => id);
}

process.on('message', (message) => {
  const work = Array.isArray(message) ? write(message.map(String)).then(() => []) : ids();
  void work.then((answer) => process.send?.(answer));
});
