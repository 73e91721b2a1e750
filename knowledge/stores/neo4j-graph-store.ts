import neo4j from 'neo4j-driver';
import { type Edge, edgeKind, type Entity, entity as entitySchema } from '../../domain/entity.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { GraphStore } from '../graph-store.ts';
import { edgeKey, sortTopology } from './sqlite-graph-store.ts';

type Row = Record<string, unknown>;

const valid = `($at = '' OR (r.validFrom <= $at AND r.validTo > $at))`;
const edgeColumns = `a.id AS from, b.id AS to, r.kind AS kind, r.source AS source, r.validFrom AS validFrom, r.validTo AS validTo, r.confidence AS confidence`;

/**
 * The graph in Neo4j: nodes `:CerebroEntity`, relationships `:DEPENDS` that carry the edge kind. Every value is a parameter; no text of ours or
 * others becomes Cypher. An edge may name an entity that is not known yet, as in the embedded store. Throws BACKEND_UNAVAILABLE.
 */
export function openNeo4jGraphStore(options: {
  url: string;
  username?: string;
  password?: string;
  database?: string;
}): GraphStore {
  const driver = neo4j.driver(
    options.url,
    options.username === undefined ? undefined : neo4j.auth.basic(options.username, options.password ?? ''),
    { disableLosslessIntegers: true, connectionAcquisitionTimeout: 10_000 },
  );
  let prepared: Promise<unknown> | undefined;
  const query = async (cypher: string, parameters: Row = {}): Promise<Row[]> => {
    const where = options.database === undefined ? {} : { database: options.database };
    try {
      prepared ??= driver.executeQuery(
        'CREATE CONSTRAINT cerebro_entity IF NOT EXISTS FOR (e:CerebroEntity) REQUIRE e.id IS UNIQUE',
        {},
        where,
      );
      await prepared;
      const { records } = await driver.executeQuery(cypher, parameters, where);
      return records.map((record): Row => record.toObject());
    } catch (thrown) {
      prepared = undefined;
      throw new CerebroError('BACKEND_UNAVAILABLE', `Neo4j at ${options.url} did not do as asked: ${String(thrown)}`, {
        cause: thrown,
      });
    }
  };
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
    close: () => driver.close(),
  };
}

function entityIn(row: Row): Entity {
  return entitySchema.parse(JSON.parse(String(row['body'])));
}

function edgeIn(row: Row): Edge {
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
