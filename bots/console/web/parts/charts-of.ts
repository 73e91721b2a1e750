import type { ChartSeries } from '../../server/chart-series.ts';

const mostLines = 6;

/**
 * Series sorted into charts, so that no axis carries two units: one chart for each unit (for each metric where none is known), in the order of appearance, of
 * at most six lines. Only the given entities where they have any series; all when none is given.
 */
export function chartsOf(series: readonly ChartSeries[], entities: readonly string[]): ChartSeries[][] {
  const wanted = series.filter((one) => entities.includes(one.entity));
  const charts = new Map<string, ChartSeries[]>();
  for (const one of wanted.length === 0 ? series : wanted) {
    const key = `${one.unit ?? `metric ${one.metric}`}\n${one.per ?? ''}`;
    charts.set(key, [...(charts.get(key) ?? []), one]);
  }
  return [...charts.values()].map((lines) => lines.slice(0, mostLines));
}
