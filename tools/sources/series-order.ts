import type { Series } from '../../domain/signal.ts';
import { canonicalJson } from '../../infra/runtime/canonical-json.ts';

/** What tells one series from another: entity, name and labels; sorting by it is the order of every metric source. */
export function seriesKeyOf(series: Pick<Series, 'entity' | 'metric' | 'labels'>): string {
  return `${series.entity}\0${series.metric}\0${canonicalJson(series.labels)}`;
}

/** The series sorted by entity, name and labels (a new list). */
export function sortSeries(series: readonly Series[]): Series[] {
  return series
    .map((one) => ({ key: seriesKeyOf(one), one }))
    .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .map(({ one }) => one);
}
