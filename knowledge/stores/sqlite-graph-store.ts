import { type Edge, edgeKind, type Entity, entity as entitySchema, type Topology } from '../../domain/entity.ts';
import type { Database } from '../../infra/runtime/database.ts';
import type { GraphStore } from '../graph-store.ts';

/** Open ends of validity sort before and after every instant. */
const always = '';
const forever = '~';

/** The embedded graph store: two tables of the knowledge file; walks are breadth-first over two indexes, O(edges touched). */
export function openSqliteGraphStore(deps: { database: Database }): GraphStore {
  const { database } = deps;
  const { sql } = database;
  const putEntity = sql.prepare('INSERT OR REPLACE INTO graph_entities (id, body) VALUES (?, ?)');
  const putEdge = sql.prepare(
    'INSERT OR REPLACE INTO graph_edges (source_id, target_id, kind, said_by, valid_from, valid_to, confidence) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const entityById = sql.prepare('SELECT body FROM graph_entities WHERE id = ?');
  const valid = `(? = '' OR (valid_from <= ? AND valid_to > ?))`;
  const outgoing = sql.prepare(`SELECT * FROM graph_edges WHERE source_id = ? AND ${valid}`);
  const incoming = sql.prepare(`SELECT * FROM graph_edges WHERE target_id = ? AND ${valid}`);
  const known = (id: string): Entity | undefined => {
    const row = entityById.get(id);
    return row === undefined ? undefined : entityIn(row['body']);
  };
  return {
    name: 'sqlite',
    upsert: ({ entities, edges }) => {
      database.transaction(() => {
        for (const entity of entities) putEntity.run(entity.id, JSON.stringify(entity));
        for (const { from, to, kind, source, confidence, validFrom, validTo } of edges)
          putEdge.run(from, to, kind, source, validFrom ?? always, validTo ?? forever, confidence);
      });
      return Promise.resolve();
    },
    delete: (ids) => {
      const removeEntity = sql.prepare('DELETE FROM graph_entities WHERE id = ?');
      const removeEdges = sql.prepare('DELETE FROM graph_edges WHERE source_id = ? OR target_id = ?');
      database.transaction(() => {
        for (const id of ids) {
          removeEntity.run(id);
          removeEdges.run(id, id);
        }
      });
      return Promise.resolve();
    },
    deleteSource: (source) => {
      sql.prepare('DELETE FROM graph_edges WHERE said_by = ?').run(source);
      return Promise.resolve();
    },
    snapshot: (at = '') => {
      const entities = sql.prepare('SELECT body FROM graph_entities ORDER BY id').all();
      const edges = sql
        .prepare(`SELECT * FROM graph_edges WHERE ${valid} ORDER BY source_id, target_id, kind, said_by, valid_from`)
        .all(at, at, at);
      return Promise.resolve({ entities: entities.map((row) => entityIn(row['body'])), edges: edges.map(edgeIn) });
    },
    walk: ({ from, direction, depth, at = '' }) => {
      const reached = new Set([from]);
      const edges = new Map<string, Edge>();
      let border = [from];
      for (let step = 0; step < depth && border.length > 0; step += 1) {
        const next: string[] = [];
        for (const id of border) {
          const rows = [
            ...(direction === 'in' ? [] : outgoing.all(id, at, at, at)),
            ...(direction === 'out' ? [] : incoming.all(id, at, at, at)),
          ];
          for (const edge of rows.map(edgeIn)) {
            edges.set(edgeKey(edge), edge);
            const other = edge.from === id ? edge.to : edge.from;
            if (reached.has(other)) continue;
            reached.add(other);
            next.push(other);
          }
        }
        border = next;
      }
      const entities = [...reached].sort().flatMap((id) => known(id) ?? []);
      return Promise.resolve(sortTopology({ entities, edges: [...edges.values()] }));
    },
    count: () => {
      const row = sql
        .prepare(
          'SELECT (SELECT count(*) FROM graph_entities) AS entities, (SELECT count(*) FROM graph_edges) AS edges',
        )
        .get();
      return Promise.resolve({ entities: Number(row?.['entities']), edges: Number(row?.['edges']) });
    },
    close: () => Promise.resolve(),
  };
}

/** What makes an edge itself. */
export function edgeKey({ from, to, kind, source, validFrom }: Edge): string {
  return JSON.stringify([from, to, kind, source, validFrom ?? always]);
}

/** Entities by id, edges by their key: the order that every variant gives. */
export function sortTopology({ entities, edges }: Topology): Topology {
  const byKey = edges.map((edge) => ({ key: edgeKey(edge), edge }));
  return {
    entities: entities.toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    edges: byKey.sort((left, right) => (left.key < right.key ? -1 : 1)).map(({ edge }) => edge),
  };
}

function entityIn(value: unknown): Entity {
  return entitySchema.parse(JSON.parse(String(value)));
}

function edgeIn(row: Record<string, unknown>): Edge {
  const validFrom = String(row['valid_from']);
  const validTo = String(row['valid_to']);
  return {
    from: String(row['source_id']),
    to: String(row['target_id']),
    kind: edgeKind.parse(row['kind']),
    source: String(row['said_by']),
    confidence: Number(row['confidence']),
    ...(validFrom === always ? {} : { validFrom }),
    ...(validTo === forever ? {} : { validTo }),
  };
}
