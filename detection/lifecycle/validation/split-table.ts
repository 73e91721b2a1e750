import type { Frame } from '../features/frame.ts';
import type { TelemetryTable } from '../ingest/telemetry-table.ts';
import type { DataSchema } from './data-schema.ts';
import { readLabels } from './label-words.ts';

/** A row that was set aside. `row` counts from 0 in the source, -1 for a line that did not fit the file's shape. */
export interface QuarantinedRow {
  row: number;
  entity: string;
  at: number;
  reason: string;
  text: string;
}

/** The rows of a table as one frame an entity, and what was set aside. Each row of the source is in exactly one of the two. */
export interface SplitTable {
  frames: Frame[];
  quarantined: QuarantinedRow[];
  /** Rows whose time lies before that of a row above them, and that were put in order. */
  reordered: number;
}

/**
 * Sorts rows into entities and time order. Set aside are: rows that could not be read, values outside the declared range, and a row
 * whose entity and time were there already (the first one stays). Classes of labels are those of the whole table. Cost: a sort.
 */
export function splitTable(table: TelemetryTable, schema: DataSchema): SplitTable {
  const reasons = new Map<number, { reason: string; text: string }>();
  const quarantined: QuarantinedRow[] = [];
  const setAside = (row: number, reason: string, text: string): void => {
    quarantined.push({
      row,
      entity: row < 0 ? '' : table.entities[table.entityOf[row]!]!,
      at: row < 0 ? NaN : table.at[row]!,
      reason,
      text,
    });
  };
  for (const fault of table.faults) {
    if (fault.row < 0) setAside(-1, fault.reason, fault.text);
    else reasons.set(fault.row, fault);
  }
  const ranges = table.names.flatMap((name, c) => {
    const range = schema.ranges[name];
    return range === undefined ? [] : [{ name, values: table.values[c]!, low: range[0], high: range[1] }];
  });
  const perEntity: number[][] = table.entities.map(() => []);
  for (let r = 0; r < table.at.length; r += 1) {
    const fault = reasons.get(r);
    const outside =
      fault === undefined ? ranges.find(({ values, low, high }) => values[r]! < low || values[r]! > high) : undefined;
    if (fault !== undefined) setAside(r, fault.reason, fault.text);
    else if (outside !== undefined)
      setAside(r, `outside ${outside.low} to ${outside.high}`, `${outside.name}=${outside.values[r]}`);
    else perEntity[table.entityOf[r]!]!.push(r);
  }
  const words = table.labels === undefined ? undefined : readLabels(table.labels);
  let reordered = 0;
  const frames: Frame[] = [];
  for (const [index, entity] of table.entities.entries()) {
    const rows = perEntity[index]!;
    const late = countLate(rows, table.at);
    reordered += late;
    // Ties keep the order of the source, so the first of two rows with one time is the one that stays.
    if (late > 0) rows.sort((left, right) => table.at[left]! - table.at[right]! || left - right);
    const kept = rows.filter((row, place) => {
      const before = rows[place - 1];
      if (before === undefined || table.at[before] !== table.at[row]) return true;
      const same = table.values.every((values) => Object.is(values[before], values[row]));
      setAside(row, same ? 'repeats a row' : 'contradicts a row of the same time', textOf(table, row));
      return false;
    });
    if (kept.length === 0) continue;
    frames.push({
      entity,
      times: Float64Array.from(kept, (row) => table.at[row]!),
      names: table.names,
      columns: table.values.map((values) => Float64Array.from(kept, (row) => values[row]!)),
      ...(words === undefined
        ? {}
        : { labels: Int32Array.from(kept, (row) => words.labels[row]!), classes: words.classes }),
    });
  }
  quarantined.sort((left, right) => left.row - right.row);
  return { frames, quarantined, reordered };
}

function countLate(rows: readonly number[], at: Float64Array): number {
  let late = 0;
  let newest = -Infinity;
  for (const row of rows) {
    if (at[row]! < newest) late += 1;
    else newest = at[row]!;
  }
  return late;
}

function textOf(table: TelemetryTable, row: number): string {
  return table.names
    .slice(0, 8)
    .map((name, c) => `${name}=${table.values[c]![row]}`)
    .join('; ');
}
