import type { DatabaseSync } from 'node:sqlite';
import type { DataDomain } from '../names.ts';
import type { Metrics } from '../service-kit/metrics.ts';

interface Measured {
  readonly db: string;
  readonly database: DatabaseSync;
  readonly domains: readonly DataDomain[];
  readonly metrics: Metrics;
}

/** Declares what a database server tells about itself; table sizes are counted every two seconds. */
export function databaseMetrics({ db, database, domains, metrics }: Measured) {
  const { counter, gauge, histogram } = metrics.lazily;
  const lockWaiting = gauge('db_lock_waiting', 'Statements that wait for a lock.', ['db']);
  const lockWait = counter('db_lock_wait_seconds_total', 'Time spent waiting for locks.', ['db']);
  const tableRows = gauge('db_table_rows', 'Rows by table (highest id).', ['db', 'table']);
  const indexes = gauge('db_table_indexes', 'Indexes by table.', ['db', 'table']);
  lockWaiting.set({ db }, 0);
  const count = (): void => {
    for (const table of domains) {
      try {
        const row = database.prepare(`SELECT max(id) AS top FROM ${table}`).get();
        tableRows.set({ db, table }, Number(row?.['top'] ?? 0));
        const sql = "SELECT count(*) AS many FROM sqlite_master WHERE type = 'index' AND tbl_name = ?";
        indexes.set({ db, table }, Number(database.prepare(sql).get(table)?.['many'] ?? 0));
      } catch {
        // Locked just now: the last value stands.
      }
    }
  };
  count();
  setInterval(count, 2000).unref();
  return {
    operations: counter('db_operations_total', 'Statements run.', ['db', 'operation', 'status']),
    duration: histogram('db_operation_duration_seconds', 'Time of a statement, waits included.', ['db', 'operation']),
    rows: counter('db_rows_returned_total', 'Rows returned.', ['db']),
    scans: counter('db_table_scans_total', 'Reads of a table by kind: full or index.', ['db', 'table', 'kind']),
    connections: gauge('db_connections', 'Open connections.', ['db']),
    waiting: {
      begin: () => lockWaiting.inc({ db }),
      end: (seconds: number) => {
        lockWaiting.dec({ db });
        lockWait.inc({ db }, seconds);
      },
    },
  };
}
