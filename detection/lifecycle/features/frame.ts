import { CerebroError } from '../../../infra/runtime/errors.ts';

/**
 * Samples of one thing (a host, a service) over time: `times[r]` in milliseconds since the epoch, strictly rising; one array a
 * column, NaN for a missing value. `labels[r]` indexes `classes`, -1 where nobody said.
 */
export interface Frame {
  entity: string;
  times: Float64Array;
  names: readonly string[];
  columns: readonly Float64Array[];
  labels?: Int32Array;
  classes?: readonly string[];
}

/** The rows `from` (inclusive) to `to` (exclusive), as views without a copy. */
export function sliceFrame(frame: Frame, from: number, to: number): Frame {
  return {
    ...frame,
    times: frame.times.subarray(from, to),
    columns: frame.columns.map((column) => column.subarray(from, to)),
    ...(frame.labels === undefined ? {} : { labels: frame.labels.subarray(from, to) }),
  };
}

/** The frame with exactly these columns, in this order. Throws INPUT_INVALID that names the columns that it lacks. */
export function selectColumns(frame: Frame, names: readonly string[]): Frame {
  const missing = names.filter((name) => !frame.names.includes(name));
  if (missing.length > 0) {
    throw new CerebroError(
      'INPUT_INVALID',
      `The data lacks ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}; it has ${frame.names.join(', ')}.`,
    );
  }
  return { ...frame, names, columns: names.map((name) => frame.columns[frame.names.indexOf(name)]!) };
}

/** The most frequent distance between two samples in milliseconds; 60,000 for fewer than two. Cost: one pass and a sort. */
export function stepOf(times: Float64Array): number {
  if (times.length < 2) return 60_000;
  const gaps = new Float64Array(times.length - 1);
  for (let r = 1; r < times.length; r += 1) gaps[r - 1] = times[r]! - times[r - 1]!;
  gaps.sort();
  let best = gaps[0]!;
  let bestRun = 0;
  for (let start = 0; start < gaps.length;) {
    let end = start;
    while (end < gaps.length && gaps[end] === gaps[start]) end += 1;
    if (end - start > bestRun) {
      bestRun = end - start;
      best = gaps[start]!;
    }
    start = end;
  }
  return best > 0 ? best : 60_000;
}

/** Arrays one after the other, copied. */
export function joinFloats(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
