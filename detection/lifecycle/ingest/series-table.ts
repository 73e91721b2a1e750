import type { TelemetryTable } from './telemetry-table.ts';

/** One series of one entity; times in milliseconds, in any order. */
export interface NamedSeries {
  entity: string;
  name: string;
  at: ArrayLike<number>;
  values: ArrayLike<number>;
}

/**
 * Series side by side: one row an entity and time, one column a name, NaN where a series has no sample at that time. With `stepMs`, times
 * are first rounded down to a multiple of it and the last sample of a step counts, so that series scraped at different moments share rows.
 */
export function tableOfSeries(source: string, series: readonly NamedSeries[], stepMs?: number): TelemetryTable {
  const names = [...new Set(series.map(({ name }) => name))].sort();
  const entities = [...new Set(series.map(({ entity }) => entity))].sort();
  const rows = new Map<string, { entity: number; at: number; values: Float64Array }>();
  for (const { entity, name, at, values } of series) {
    const column = names.indexOf(name);
    const of = entities.indexOf(entity);
    for (let i = 0; i < at.length; i += 1) {
      const when = stepMs === undefined ? at[i]! : Math.floor(at[i]! / stepMs) * stepMs;
      const key = `${of}|${when}`;
      let row = rows.get(key);
      if (row === undefined) {
        row = { entity: of, at: when, values: new Float64Array(names.length).fill(NaN) };
        rows.set(key, row);
      }
      row.values[column] = values[i]!;
    }
  }
  const ordered = [...rows.values()].sort((left, right) => left.entity - right.entity || left.at - right.at);
  return {
    source,
    names,
    at: Float64Array.from(ordered, ({ at }) => at),
    values: names.map((_, column) => Float64Array.from(ordered, ({ values }) => values[column]!)),
    entities,
    entityOf: Int32Array.from(ordered, ({ entity }) => entity),
    faults: ordered.flatMap(({ at }, row) =>
      Number.isNaN(at) ? [{ row, text: '', reason: 'time cannot be read' }] : [],
    ),
  };
}
