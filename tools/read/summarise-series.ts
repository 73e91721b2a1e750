import { z } from 'zod';
import type { Series } from '../../domain/signal.ts';
import { series } from '../../domain/signal.ts';
import { numberText } from './number-text.ts';

/** A series with its statistics over all samples, and its samples thinned for reading. */
export const summarisedSeries = series.extend({
  count: z.number().int(),
  mean: z.number(),
  min: z.number(),
  max: z.number(),
  last: z.number(),
});
export type SummarisedSeries = z.infer<typeof summarisedSeries>;

/** Keeps statistics over all samples and at most `points` of them, evenly spaced, the last one always. */
export function summariseSeries(item: Series, points: number): SummarisedSeries {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const [, value] of item.samples) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const count = item.samples.length;
  const stride = Math.max(1, Math.ceil(count / points));
  const samples = item.samples.filter((_sample, index) => (count - 1 - index) % stride === 0);
  const empty = count === 0;
  return {
    ...item,
    samples,
    count,
    mean: empty ? 0 : sum / count,
    min: empty ? 0 : min,
    max: empty ? 0 : max,
    last: item.samples.at(-1)?.[1] ?? 0,
  };
}

/** "service:a latency{route=/x} mean 1.2 (0.8 to 3) last 1.1", the largest by mean first, cut to `most` series. */
export function seriesDigest(all: readonly SummarisedSeries[], most: number): string {
  const ordered = all.toSorted((left, right) => right.mean - left.mean).slice(0, most);
  return ordered
    .map((item) => {
      const labels = Object.entries(item.labels)
        .slice(0, 3)
        .map(([name, value]) => `${name}=${value}`)
        .join(',');
      return `${item.entity} ${item.metric}${labels === '' ? '' : `{${labels}}`} mean ${numberText(item.mean)} (${numberText(item.min)} to ${numberText(item.max)}) last ${numberText(item.last)}${item.unit === undefined ? '' : ` ${item.unit}`}`;
    })
    .join('; ');
}
