import { createHash } from 'node:crypto';
import type { Scored, SearchScope } from '../keyword-index.ts';
import type { VectorEntry, VectorStore } from '../vector-store.ts';
import { type Neo4jOptions, type Neo4jRow, openNeo4jSession } from './neo4j-session.ts';
import { kindIn, listIn } from './sqlite-keyword-index.ts';
import { checkDimensions } from './sqlite-vector-store.ts';

const rowsAtOnce = 500;
/** Neighbours asked of the index for each one wanted, so that hidden ones seldom leave a page short. */
const wideness = 4;

const visible = `all(label IN v.labels WHERE label IN $held) AND ($kinds = [] OR v.kind IN $kinds)`;

/**
 * Vectors in Neo4j's own index (Lucene HNSW), one node label a space: a second use of the server that holds the graph. The index knows no filter,
 * so where hidden entries or a tie at the cut make its page uncertain, all visible vectors are compared exactly: linear in the space's size.
 * Every value is a parameter; only a hash of the space is part of the Cypher. A zero vector is kept but never found. Throws BACKEND_UNAVAILABLE.
 */
export function openNeo4jVectorStore(options: Neo4jOptions & { space: string; dimensions: number }): VectorStore {
  const { space, dimensions } = options;
  const name = `cerebro_${createHash('sha256').update(`${space} ${dimensions}`).digest('hex').slice(0, 16)}`;
  const session = openNeo4jSession(options, [
    `CREATE CONSTRAINT ${name}_id IF NOT EXISTS FOR (v:${name}) REQUIRE v.id IS UNIQUE`,
    `CREATE VECTOR INDEX ${name}_vector IF NOT EXISTS FOR (v:${name}) ON (v.vector)
     OPTIONS {indexConfig: {\`vector.dimensions\`: ${dimensions}, \`vector.similarity_function\`: 'cosine'}}`,
    'CALL db.awaitIndexes(60)',
  ]);
  const { query } = session;
  const exactly = async (parameters: Neo4jRow): Promise<Scored[]> => {
    const rows = await query(
      `MATCH (v:${name}) WHERE ${visible} AND NOT v.empty
       WITH v.id AS id, vector.similarity.cosine(v.vector, $vector) AS score
       RETURN id, score ORDER BY score DESC, id SKIP toInteger($offset) LIMIT toInteger($limit)`,
      parameters,
    );
    return rows.map(scoredIn);
  };
  return {
    name: 'neo4j',
    space,
    dimensions,
    upsert: async (entries) => {
      for (const { id, vector } of entries) checkDimensions(vector, dimensions, id);
      for (let from = 0; from < entries.length; from += rowsAtOnce)
        await query(
          `UNWIND $rows AS row MERGE (v:${name} {id: row.id})
           SET v.kind = row.kind, v.labels = row.labels, v.empty = row.empty, v.vector = row.vector`,
          {
            rows: entries.slice(from, from + rowsAtOnce).map(({ id, kind, labels, vector }) => ({
              id,
              kind,
              labels: [...labels],
              empty: vector.every((value) => value === 0),
              vector: Array.from(vector),
            })),
          },
        );
    },
    delete: async (ids) => {
      if (ids.length > 0) await query(`MATCH (v:${name}) WHERE v.id IN $ids DETACH DELETE v`, { ids: [...ids] });
    },
    search: async ({ vector, scope, limit, offset = 0 }) => {
      checkDimensions(vector, dimensions, 'the query');
      const wanted = limit + offset;
      const asked = wanted * wideness;
      const parameters = { vector: Array.from(vector), ...parametersOf(scope), limit, offset };
      const rows = await query(
        `CALL db.index.vector.queryNodes('${name}_vector', toInteger($asked), $vector) YIELD node AS v, score
         RETURN v.id AS id, score, ${visible} AS visible ORDER BY score DESC, id`,
        { ...parameters, asked },
      );
      const found = rows.filter((row) => row['visible'] === true).map(scoredIn);
      const last = rows.at(-1);
      const cut = found[wanted - 1];
      const uncertain =
        rows.length === asked && (cut === undefined || (last !== undefined && scoredIn(last).score >= cut.score));
      return uncertain ? exactly(parameters) : found.slice(offset, wanted);
    },
    entries: async (after, limit) => {
      const rows = await query(
        `MATCH (v:${name}) WHERE v.id > $after
         RETURN v.id AS id, v.kind AS kind, v.labels AS labels, v.vector AS vector ORDER BY v.id LIMIT toInteger($limit)`,
        { after, limit },
      );
      return rows.map((row): VectorEntry => {
        const { id, kind, labels, vector } = row;
        return {
          id: String(id),
          kind: kindIn(kind),
          labels: listIn(JSON.stringify(labels)),
          vector: Float32Array.from(Array.isArray(vector) ? vector.map(Number) : []),
        };
      });
    },
    count: async () => Number((await query(`MATCH (v:${name}) RETURN count(v) AS count`))[0]?.['count']),
    drop: async () => {
      await query(`MATCH (v:${name}) CALL (v) { DETACH DELETE v }`);
      await query(`DROP INDEX ${name}_vector IF EXISTS`);
      await query(`DROP CONSTRAINT ${name}_id IF EXISTS`);
      session.forget();
    },
    close: () => session.close(),
  };
}

function parametersOf(scope: SearchScope): Neo4jRow {
  return { held: [...scope.labels], kinds: [...scope.kinds] };
}

/** Neo4j scales cosine to [0, 1]. */
function scoredIn(row: Neo4jRow): Scored {
  return { id: String(row['id']), score: 2 * Number(row['score']) - 1 };
}
