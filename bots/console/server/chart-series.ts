import { series as seriesSchema } from '../../../domain/signal.ts';
import type { Sample, Series } from '../../../domain/signal.ts';
import { downsample } from './downsample.ts';

/** A series ready to draw. `per` says that a counter was turned into a rate per second. */
export interface ChartSeries {
  metric: string;
  entity: string;
  labels: Record<string, string>;
  unit?: string;
  per?: 'second';
  samples: Sample[];
}

const mostSeries = 24;

/**
 * Finds the series inside a raw result, wherever a tool put them (a list, or members of an object, two levels deep), turns counters into
 * rates, and thins each to `points`. At most 24 are returned, `total` counts all.
 */
export function chartSeriesOf(raw: unknown, points: number): { series: ChartSeries[]; total: number } {
  const found = collect(raw, 2).filter((one) => one.samples.length > 0);
  return { series: found.slice(0, mostSeries).map((one) => drawable(one, points)), total: found.length };
}

/** The scores of a drawn series as a series of their own, thinned to `points`; few samples teach nothing and score 0. */
export function scoresOf(
  one: ChartSeries,
  score: (values: ArrayLike<number>, times: ArrayLike<number>) => ArrayLike<number>,
  points: number,
): ChartSeries {
  const scores = score(
    one.samples.map(([, value]) => value),
    one.samples.map(([at]) => at),
  );
  const samples = one.samples.map(([at], index): Sample => [at, scores[index] ?? 0]);
  return {
    metric: `score of ${one.metric}`,
    entity: one.entity,
    labels: one.labels,
    samples: downsample(samples, points),
  };
}

function collect(value: unknown, depth: number): Series[] {
  if (value === null || typeof value !== 'object') return [];
  const parsed = seriesSchema.safeParse(value);
  if (parsed.success) return [parsed.data];
  if (depth < 0) return [];
  return Object.values(value).flatMap((member) => collect(member, Array.isArray(value) ? depth : depth - 1));
}

function drawable(one: Series, points: number): ChartSeries {
  const counts = one.type === 'counter' || one.type === 'histogram';
  return {
    metric: one.metric,
    entity: one.entity,
    labels: one.labels,
    ...(one.unit === undefined ? {} : { unit: one.unit }),
    ...(counts ? { per: 'second' as const } : {}),
    samples: downsample(counts ? ratesOf(one.samples) : one.samples, points),
  };
}

/** Increase per second between neighbours; a fall is a restart of the process, which counts from zero. */
function ratesOf(samples: readonly Sample[]): Sample[] {
  const rates: Sample[] = [];
  for (let index = 1; index < samples.length; index += 1) {
    const [at, value] = samples[index]!;
    const [before, earlier] = samples[index - 1]!;
    const seconds = (at - before) / 1000;
    if (seconds > 0) rates.push([at, Math.max(0, value < earlier ? value : value - earlier) / seconds]);
  }
  return rates;
}
