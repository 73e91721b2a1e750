import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ColumnRoles } from '../ingest/column-roles.ts';
import { telemetryFiles } from '../ingest/read-files.ts';
import { readTelemetry } from '../ingest/read-telemetry.ts';
import type { TelemetryTable } from '../ingest/telemetry-table.ts';
import type { TelemetrySource } from './training-stages.ts';

/**
 * A file or folder to train on. The hash is that of the names and bytes of all files and of the declared roles. `labels` is a second file
 * (time, label, perhaps entity) that says more about the same rows: a filled-in review sheet; its labels win.
 */
export async function fileSource(
  path: string,
  roles: Partial<ColumnRoles> = {},
  labels?: string,
): Promise<TelemetrySource> {
  const hash = createHash('sha256').update(JSON.stringify(roles));
  for (const file of [...telemetryFiles(path), ...(labels === undefined ? [] : telemetryFiles(labels))]) {
    hash.update(`\n${file.slice(file.lastIndexOf('/') + 1)}\n`);
    for await (const part of createReadStream(file)) hash.update(part);
  }
  return {
    hash: hash.digest('hex'),
    async read() {
      const table = await readTelemetry(path, roles);
      return labels === undefined ? table : withLabels(table, await readTelemetry(labels));
    },
  };
}

/** The table with the labels of another one laid over it, by entity and time; rows without a label in it keep theirs. */
export function withLabels(table: TelemetryTable, sheet: TelemetryTable): TelemetryTable {
  const said = new Map<string, string>();
  const anyEntity = sheet.entities.length === 1 && table.entities.length === 1;
  for (const [row, label] of (sheet.labels ?? []).entries())
    if (label !== '') said.set(`${anyEntity ? '' : sheet.entities[sheet.entityOf[row]!]}|${sheet.at[row]}`, label);
  return {
    ...table,
    labels: Array.from(
      table.at,
      (at, row) =>
        said.get(`${anyEntity ? '' : table.entities[table.entityOf[row]!]}|${at}`) ?? table.labels?.[row] ?? '',
    ),
  };
}
