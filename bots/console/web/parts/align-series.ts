import type { ChartSeries } from '../../server/chart-series.ts';

/** Series on one time axis in seconds, as a chart wants them: the union of all times in order, and null where a series has no sample. */
export function alignSeries(lines: readonly ChartSeries[]): [number[], ...(number | null)[][]] {
  const times = [...new Set(lines.flatMap((line) => line.samples.map((sample) => sample[0])))].sort(
    (left, right) => left - right,
  );
  const columns = lines.map((line) => {
    const values = new Map(line.samples);
    return times.map((time) => values.get(time) ?? null);
  });
  return [times.map((time) => time / 1000), ...columns];
}
