import type { Series } from '../../../domain/signal.ts';
import type { MetricKnowledge } from '../technologies/metric-knowledge.ts';

/** A series with what is understood of its metric. */
export interface KnownSeries {
  series: Series;
  known: MetricKnowledge;
}
