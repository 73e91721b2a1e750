import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { QuarantinedRow } from './split-table.ts';

/** Writes what was set aside as CSV: row of the source (from 0; empty for a line that did not fit), entity, time, reason, text. */
export function writeQuarantine(path: string, rows: readonly QuarantinedRow[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const lines = rows.map(({ row, entity, at, reason, text }) =>
    [row < 0 ? '' : String(row), entity, Number.isNaN(at) ? '' : isoOf(at), reason, text].map(cell).join(','),
  );
  writeFileSync(path, `row,entity,timestamp,reason,text\n${lines.map((line) => `${line}\n`).join('')}`);
}

function cell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
