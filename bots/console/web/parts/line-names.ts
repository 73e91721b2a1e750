import type { ChartSeries } from '../../server/chart-series.ts';
import { nameOf } from '../state/words.ts';

/** Short names that tell the lines of one chart apart: only what differs among them (entity, end of the metric's name, label values). */
export function lineNames(lines: readonly ChartSeries[]): string[] {
  const [first] = lines;
  if (first === undefined) return [];
  const entities = differ(lines.map((line) => line.entity));
  const metrics = lines.map((line) => line.metric);
  const start = differ(metrics) ? commonStart(metrics) : 0;
  const keys = [...new Set(lines.flatMap((line) => Object.keys(line.labels)))].filter((key) =>
    differ(lines.map((line) => line.labels[key])),
  );
  return lines.map((line) => {
    const parts = [
      ...(entities ? [nameOf(line.entity)] : []),
      ...(differ(metrics) ? [line.metric.slice(start) || line.metric] : []),
      ...keys.flatMap((key) => line.labels[key] ?? []),
    ];
    return parts.length === 0 ? nameOf(line.entity) : parts.join(' ');
  });
}

function differ(values: readonly (string | undefined)[]): boolean {
  return new Set(values).size > 1;
}

/** How long a start all names share, cut back to where a word ends. */
function commonStart(names: readonly string[]): number {
  const [first = ''] = names;
  let length = 0;
  while (length < first.length && names.every((name) => name[length] === first[length])) length += 1;
  return first.slice(0, length).search(/[^:_./ -]*$/);
}
