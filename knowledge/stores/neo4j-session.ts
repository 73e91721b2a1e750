import neo4j from 'neo4j-driver';
import { CerebroError } from '../../infra/runtime/errors.ts';

export interface Neo4jOptions {
  /** `bolt://` or `neo4j://`, with `+s` for TLS. */
  url: string;
  username?: string;
  password?: string;
  database?: string;
}

export type Neo4jRow = Record<string, unknown>;

/** One connection pool. `prepare` statements run once, before the first query. */
export interface Neo4jSession {
  query: (cypher: string, parameters?: Neo4jRow) => Promise<Neo4jRow[]>;
  /** Runs the preparing statements anew before the next query. */
  forget(): void;
  close: () => Promise<void>;
}

/** Opens a pool; nothing is asked yet. Every value is a parameter. Throws BACKEND_UNAVAILABLE. */
export function openNeo4jSession(options: Neo4jOptions, prepare: readonly string[]): Neo4jSession {
  const driver = neo4j.driver(
    options.url,
    options.username === undefined ? undefined : neo4j.auth.basic(options.username, options.password ?? ''),
    { disableLosslessIntegers: true, connectionAcquisitionTimeout: 10_000, maxTransactionRetryTime: 5_000 },
  );
  const where = options.database === undefined ? {} : { database: options.database };
  let prepared: Promise<void> | undefined;
  const prepareAll = async (): Promise<void> => {
    for (const statement of prepare) await driver.executeQuery(statement, {}, where);
  };
  return {
    query: async (cypher, parameters = {}) => {
      try {
        prepared ??= prepareAll();
        await prepared;
        const { records } = await driver.executeQuery(cypher, parameters, where);
        return records.map((record): Neo4jRow => record.toObject());
      } catch (thrown) {
        prepared = undefined;
        throw new CerebroError(
          'BACKEND_UNAVAILABLE',
          `Neo4j at ${options.url} did not do as asked: ${String(thrown)}`,
          { cause: thrown },
        );
      }
    },
    forget: () => {
      prepared = undefined;
    },
    close: () => driver.close(),
  };
}
