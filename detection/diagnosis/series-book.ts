import type { EntityId } from '../../domain/entity.ts';
import type { MetricType, Series } from '../../domain/signal.ts';

/** Writes what a process would expose at one scrape. Counters and histograms take growth, levels take values. */
export interface ScrapeWriter {
  count(metric: string, labels: Record<string, string>, growth: number): void;
  level(metric: string, labels: Record<string, string>, value: number): void;
  /** `count` observations that all took `seconds`. */
  histogram(metric: string, labels: Record<string, string>, count: number, seconds: number): void;
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, Number.POSITIVE_INFINITY];

/** Series in the making. */
export interface SeriesBook {
  at(entity: EntityId, ms: number): ScrapeWriter;
  all(): Series[];
}

/** Collects scrapes of made-up processes into series; for simulators. */
export function createSeriesBook(): SeriesBook {
  const series = new Map<string, Series>();
  const open = (entity: EntityId, metric: string, labels: Record<string, string>, type: MetricType): Series => {
    const key = `${entity}|${metric}|${JSON.stringify(labels)}`;
    let one = series.get(key);
    if (one === undefined) series.set(key, (one = { metric, type, entity, labels, samples: [] }));
    return one;
  };
  return {
    at(entity, ms) {
      const grow = (metric: string, labels: Record<string, string>, growth: number, type: MetricType): void => {
        const one = open(entity, metric, labels, type);
        one.samples.push([ms, (one.samples.at(-1)?.[1] ?? 0) + growth]);
      };
      return {
        count: (metric, labels, growth) => grow(metric, labels, growth, 'counter'),
        level: (metric, labels, value) => void open(entity, metric, labels, 'gauge').samples.push([ms, value]),
        histogram(metric, labels, count, seconds) {
          grow(`${metric}_count`, labels, count, 'histogram');
          grow(`${metric}_sum`, labels, count * seconds, 'histogram');
          for (const bound of bounds)
            grow(
              `${metric}_bucket`,
              { ...labels, le: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound) },
              seconds <= bound ? count : 0,
              'histogram',
            );
        },
      };
    },
    all: () => [...series.values()],
  };
}
