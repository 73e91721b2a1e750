import { mkdirSync } from 'node:fs';
import {
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  FLOAT,
  TIMESTAMP,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api';
import { bytesHash } from '../../../infra/runtime/canonical-json.ts';
import { explaining, identifier, literal, openDuck } from './duck.ts';
import type { TelemetryTable } from './telemetry-table.ts';

const chunkRows = 2_048;

/**
 * Writes telemetry as Parquet below `folder`, one folder an entity, day and (by `hour`) hour: `entity=a/day=2026-01-31/hour=07/part-<hash>.parquet`.
 * Columns are `timestamp`, the names and, where there are any, `label`. The hash is that of the rows, so what is written twice is there
 * once. Rows whose time cannot be read are left out and counted. Values are float64, or float32 for features. `readFiles(folder)` reads it back.
 */
export async function writePartitions(
  table: TelemetryTable,
  folder: string,
  options: { by?: 'hour' | 'day'; precision?: 'float64' | 'float32' } = {},
): Promise<{ rows: number; left: number }> {
  const duck = await openDuck();
  try {
    return await explaining(table.source, async () => {
      const { connection } = duck;
      const number: DuckDBType = options.precision === 'float32' ? FLOAT : DOUBLE;
      const labelled = table.labels !== undefined;
      const types = [TIMESTAMP, VARCHAR, ...(labelled ? [VARCHAR] : []), ...table.names.map(() => number)];
      const names = ['timestamp', 'entity', ...(labelled ? ['label'] : []), ...table.names].map(identifier);
      await connection.run(
        `CREATE TEMP TABLE rows (${names.map((name, c) => `${name} ${types[c]!.toString()}`).join(', ')})`,
      );
      const appender = await connection.createAppender('rows');
      const taken = Array.from(table.at, (_, r) => r).filter((r) => Number.isFinite(table.at[r]!));
      for (let from = 0; from < taken.length; from += chunkRows) {
        const rows = taken.slice(from, from + chunkRows);
        const chunk = DuckDBDataChunk.create(types, rows.length);
        chunk.setColumnValues(
          0,
          rows.map((r) => new DuckDBTimestampValue(BigInt(Math.round(table.at[r]! * 1_000)))),
        );
        chunk.setColumnValues(
          1,
          rows.map((r) => table.entities[table.entityOf[r]!]!),
        );
        if (labelled)
          chunk.setColumnValues(
            2,
            rows.map((r) => table.labels![r]!),
          );
        for (const [c, values] of table.values.entries())
          chunk.setColumnValues(
            c + (labelled ? 3 : 2),
            rows.map((r) => (Number.isNaN(values[r]!) ? null : values[r]!)),
          );
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
      mkdirSync(folder, { recursive: true });
      const hour = options.by === 'day' ? '' : ", strftime(timestamp, '%H') AS hour";
      const keys = options.by === 'day' ? 'entity, day' : 'entity, day, hour';
      await connection.run(
        `COPY (SELECT *, strftime(timestamp, '%Y-%m-%d') AS day${hour} FROM rows ORDER BY entity, timestamp) TO ${literal(folder)}
         (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (${keys}), OVERWRITE_OR_IGNORE true, FILENAME_PATTERN ${literal(`part-${hashOf(table)}_{i}`)})`,
      );
      return { rows: taken.length, left: table.at.length - taken.length };
    });
  } finally {
    duck.close();
  }
}

function hashOf(table: TelemetryTable): string {
  const parts = [table.at, ...table.values].map((values) =>
    bytesHash(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
  return bytesHash(JSON.stringify([table.names, table.entities, parts, table.labels])).slice(0, 16);
}
