import type { Series } from '../../../domain/signal.ts';
import type { MetricKnowledge } from '../technologies/metric-knowledge.ts';

/** A series with what is understood of its metric. */
export interface KnownSeries {
  series: Series;
  known: MetricKnowledge;
}

/** Series by their entity and metric, so that partners are found without a search. */
export interface SeriesIndex {
  of(entity: string, metric: string): readonly KnownSeries[];
}

/** Indexes series; linear. */
export function indexSeries(all: readonly KnownSeries[]): SeriesIndex {
  const groups = Map.groupBy(all, ({ series }) => `${series.entity}\u0000${series.metric}`);
  return { of: (entity, metric) => groups.get(`${entity}\u0000${metric}`) ?? [] };
}
