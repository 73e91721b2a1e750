import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Value } from '../service-kit/pool.ts';

/** How SQLite reads the first table of a statement. */
export interface AccessPlan {
  readonly table: string;
  readonly kind: 'full' | 'index';
  readonly detail: string;
}

/** Prepared statements of one database and their access plans; both follow changes of the schema. */
export interface Statements {
  run(sql: string, values: readonly Value[]): object[];
  /** The plan of a statement that has run since the last change of the schema. */
  plan(sql: string): AccessPlan | undefined;
}

/** Keeps at most as many statements as the services have; they are few and fixed. */
export function createStatements(database: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>();
  const plans = new Map<string, AccessPlan | undefined>();
  let schema = -1;
  const schemaStatement = database.prepare('PRAGMA schema_version');
  const refresh = (): void => {
    const version = Number(schemaStatement.get()?.['schema_version'] ?? 0);
    if (version === schema) return;
    schema = version;
    plans.clear();
  };
  setInterval(() => {
    try {
      refresh();
    } catch {
      // Locked just now: looked at again in a moment.
    }
  }, 500).unref();
  return {
    run: (sql, values) => {
      let statement = prepared.get(sql);
      if (statement === undefined) {
        statement = database.prepare(sql);
        prepared.set(sql, statement);
      }
      const rows = statement.all(...values);
      if (!plans.has(sql)) plans.set(sql, explain(database, sql));
      return rows;
    },
    plan: (sql) => plans.get(sql),
  };
}

function explain(database: DatabaseSync, sql: string): AccessPlan | undefined {
  if (!/^(SELECT|UPDATE|DELETE)/.test(sql)) return undefined;
  const lines = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  const detail = String(lines[0]?.['detail'] ?? '');
  const match = /^(SCAN|SEARCH) (\w+)/.exec(detail);
  if (match === null) return undefined;
  return { table: match[2] ?? '', kind: match[1] === 'SCAN' ? 'full' : 'index', detail };
}
