/**
 * Telemetry as it came in, before anything was judged: one row a sample of one entity, one array a value column, NaN for a missing
 * value. `at[r]` is NaN where the time could not be read. Rows keep the order of the source.
 */
export interface TelemetryTable {
  /** What was read, in words. */
  source: string;
  names: readonly string[];
  at: Float64Array;
  values: readonly Float64Array[];
  /** Which entity each row is of; one entity for all where the source has no such column. */
  entities: readonly string[];
  entityOf: Int32Array;
  /** Labels as they were written; absent when the source has none. An empty text means not labelled. */
  labels?: readonly string[];
  /** Rows that could not be read in full, and why. A row may also be a line that did not fit the file's shape: then `row` is -1. */
  faults: readonly { row: number; text: string; reason: string }[];
}

/** Collects numbers without knowing how many will come. */
export function createGrowingArray(): { push(value: number): void; done(): Float64Array } {
  let values = new Float64Array(1024);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const wider = new Float64Array(length * 2);
        wider.set(values);
        values = wider;
      }
      values[length] = value;
      length += 1;
    },
    done: () => values.slice(0, length),
  };
}
