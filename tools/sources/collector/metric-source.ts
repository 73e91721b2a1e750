import { msOf } from '../../../infra/runtime/clock.ts';
import type { Series } from '../../../domain/signal.ts';
import type { MetricDescription, MetricSource } from '../source.ts';
import { createNameMatcher } from '../../../infra/runtime/name-matcher.ts';
import { sourceResultOf } from '../source-result.ts';
import { stopIfAborted } from '../stop-if-aborted.ts';
import type { EntityNames } from './entity-names.ts';
import { serviceOfJob } from './log-job.ts';
import type { MetricStore } from './metric-store.ts';

/** The collector's metrics as a source. Series come ordered by entity, name and labels; samples with the time of their scrape. */
export function createCollectorMetrics(store: MetricStore, names: EntityNames): MetricSource {
  const held = (): string => {
    const spans = [...store.jobs().values()].map((memory) => memory.span()).filter((span) => span !== undefined);
    if (spans.length === 0) return `collector: ${store.jobs().size} scraped jobs, no sample yet`;
    const first = new Date(Math.min(...spans.map((span) => span.first))).toISOString();
    const last = new Date(Math.max(...spans.map((span) => span.last))).toISOString();
    return `collector: scrapes of ${[...store.jobs().keys()].join(', ')} from ${first} to ${last}`;
  };
  return {
    name: 'collector',
    async list(window, signal) {
      stopIfAborted(signal);
      const [from, to] = [msOf(window.from), msOf(window.to)];
      const found = new Map<string, MetricDescription>();
      for (const [job, memory] of store.jobs()) {
        for (const series of memory.seriesWithin(from, to)) {
          const known = found.get(series.metric);
          const entity = names.idOf(serviceOfJob(job));
          if (known !== undefined) {
            if (!known.entities.includes(entity)) known.entities.push(entity);
            continue;
          }
          found.set(series.metric, {
            metric: series.metric,
            type: series.type,
            ...(series.help === undefined ? {} : { help: series.help }),
            ...(series.unit === undefined ? {} : { unit: series.unit }),
            entities: [entity],
          });
        }
      }
      const items = [...found.values()].sort((left, right) => (left.metric < right.metric ? -1 : 1));
      for (const item of items) item.entities.sort();
      return sourceResultOf(items, {
        limit: Infinity,
        lookedAt: `${held()}; asked for ${window.from} to ${window.to}`,
      });
    },
    async query(request, signal) {
      stopIfAborted(signal);
      const [from, to] = [msOf(request.window.from), msOf(request.window.to)];
      const wantedNames = names.namesIn(request.entities);
      const fits = createNameMatcher(request.metrics);
      const labels = Object.entries(request.labels ?? {});
      const found: { order: string; series: Series }[] = [];
      for (const [job, memory] of store.jobs()) {
        if (wantedNames !== undefined && !wantedNames.has(serviceOfJob(job))) continue;
        const entity = names.idOf(serviceOfJob(job));
        const wanted = (series: { metric: string; labels: Record<string, string> }): boolean =>
          fits(series.metric) && labels.every(([name, value]) => series.labels[name] === value);
        for (const { series, samples } of memory.read(from, to, wanted, request.stepMs)) {
          const { metric, type, unit } = series;
          found.push({
            order: `${entity}\0${series.order}`,
            series: { metric, type, entity, labels: series.labels, ...(unit === undefined ? {} : { unit }), samples },
          });
        }
      }
      found.sort((left, right) => (left.order < right.order ? -1 : left.order > right.order ? 1 : 0));
      const asked = `${request.metrics.join(', ') || 'all metrics'} of ${request.entities.join(', ') || 'all entities'}`;
      return sourceResultOf(
        found.map((one) => one.series),
        {
          limit: request.maxSeries,
          lookedAt: `${held()}; asked for ${asked}, ${request.window.from} to ${request.window.to}`,
        },
      );
    },
  };
}
