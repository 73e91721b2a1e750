/** A row as node:sqlite gives it. */
export type SqlRow = Record<string, null | number | bigint | string | Uint8Array>;

/** A text column; empty when null. */
export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : '';
}

/** A text column that may be null. */
export function optionalTextOf(row: SqlRow, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}
