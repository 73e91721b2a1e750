import { type Edge, edgeKind, type Entity, entity as entitySchema } from '../../domain/entity.ts';
import type { GraphStore } from '../graph-store.ts';
import { type Neo4jOptions, type Neo4jRow, openNeo4jSession } from './neo4j-session.ts';
import { edgeKey, sortTopology } from './sqlite-graph-store.ts';

const valid = `($at = '' OR (r.validFrom <= $at AND r.validTo > $at))`;
const edgeColumns = `a.id AS from, b.id AS to, r.kind AS kind, r.source AS source, r.validFrom AS validFrom, r.validTo AS validTo, r.confidence AS confidence`;

/**
 * The graph in Neo4j: nodes `:CerebroEntity`, relationships `:DEPENDS` that carry the edge kind. Every value is a parameter; no text of ours or
 * others becomes Cypher. An edge may name an entity that is not known yet, as in the embedded store. Throws BACKEND_UNAVAILABLE.
 */
export function openNeo4jGraphStore(options: Neo4jOptions): GraphStore {
  const { query, close } = openNeo4jSession(options, [
    'CREATE CONSTRAINT cerebro_entity IF NOT EXISTS FOR (e:CerebroEntity) REQUIRE e.id IS UNIQUE',
  ]);
  const entitiesOf = async (ids: readonly string[]): Promise<Entity[]> => {
    const rows = await query(
      'MATCH (e:CerebroEntity) WHERE e.id IN $ids AND e.body IS NOT NULL RETURN e.body AS body',
      {
        ids: [...ids],
      },
    );
    return rows.map(entityIn);
  };
  return {
    name: 'neo4j',
    upsert: async ({ entities, edges }) => {
      if (entities.length > 0)
        await query('UNWIND $rows AS row MERGE (e:CerebroEntity {id: row.id}) SET e.body = row.body', {
          rows: entities.map((entity) => ({ id: entity.id, body: JSON.stringify(entity) })),
        });
      if (edges.length > 0)
        await query(
          `UNWIND $rows AS row MERGE (a:CerebroEntity {id: row.from}) MERGE (b:CerebroEntity {id: row.to})
           MERGE (a)-[r:DEPENDS {kind: row.kind, source: row.source, validFrom: row.validFrom}]->(b)
           SET r.validTo = row.validTo, r.confidence = row.confidence`,
          { rows: edges.map((edge) => ({ ...edge, validFrom: edge.validFrom ?? '', validTo: edge.validTo ?? '~' })) },
        );
    },
    delete: async (ids) => {
      await query('MATCH (e:CerebroEntity) WHERE e.id IN $ids DETACH DELETE e', { ids: [...ids] });
    },
    deleteSource: async (source) => {
      await query('MATCH (:CerebroEntity)-[r:DEPENDS {source: $source}]->(:CerebroEntity) DELETE r', { source });
    },
    snapshot: async (at = '') => {
      const entities = await query('MATCH (e:CerebroEntity) WHERE e.body IS NOT NULL RETURN e.body AS body');
      const edges = await query(
        `MATCH (a:CerebroEntity)-[r:DEPENDS]->(b:CerebroEntity) WHERE ${valid} RETURN ${edgeColumns}`,
        { at },
      );
      return sortTopology({ entities: entities.map(entityIn), edges: edges.map(edgeIn) });
    },
    walk: async ({ from, direction, depth, at = '' }) => {
      const reached = new Set([from]);
      const edges = new Map<string, Edge>();
      let border = [from];
      for (let step = 0; step < depth && border.length > 0; step += 1) {
        const rows = await query(
          `MATCH (a:CerebroEntity)-[r:DEPENDS]->(b:CerebroEntity)
           WHERE (($out AND a.id IN $border) OR ($in AND b.id IN $border)) AND ${valid} RETURN ${edgeColumns}`,
          { border, out: direction !== 'in', in: direction !== 'out', at },
        );
        const next = new Set<string>();
        for (const edge of rows.map(edgeIn)) {
          edges.set(edgeKey(edge), edge);
          for (const end of [edge.from, edge.to]) if (!reached.has(end)) next.add(end);
        }
        for (const id of next) reached.add(id);
        border = [...next];
      }
      return sortTopology({ entities: await entitiesOf([...reached]), edges: [...edges.values()] });
    },
    count: async () => {
      const [entities] = await query('MATCH (e:CerebroEntity) WHERE e.body IS NOT NULL RETURN count(e) AS count');
      const [edges] = await query('MATCH (:CerebroEntity)-[r:DEPENDS]->(:CerebroEntity) RETURN count(r) AS count');
      return { entities: Number(entities?.['count']), edges: Number(edges?.['count']) };
    },
    close,
  };
}

function entityIn(row: Neo4jRow): Entity {
  return entitySchema.parse(JSON.parse(String(row['body'])));
}

function edgeIn(row: Neo4jRow): Edge {
  const validFrom = String(row['validFrom']);
  const validTo = String(row['validTo']);
  return {
    from: String(row['from']),
    to: String(row['to']),
    kind: edgeKind.parse(row['kind']),
    source: String(row['source']),
    confidence: Number(row['confidence']),
    ...(validFrom === '' ? {} : { validFrom }),
    ...(validTo === '~' ? {} : { validTo }),
  };
}
