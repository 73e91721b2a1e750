import { z } from 'zod';
import { signalRole } from '../../domain/finding.ts';
import type { Series } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import { classifyMetric } from '../../detection/evidence/signals/classify-metric.ts';
import type { MetricRequest, MetricSource } from '../sources/source.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import { readableSeries } from './readable-series.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';
import { seriesDigest, summariseSeries, summarisedSeries } from './summarise-series.ts';

const shownSeries = 30;
const shownPoints = 60;

const input = z.strictObject({
  entities: entitiesField,
  metrics: z
    .array(z.string().min(1))
    .max(50)
    .default([])
    .describe('Exact metric names, or globs with `*`. Empty: all that fit `roles`.'),
  roles: z
    .array(signalRole)
    .default([])
    .describe(
      'What is measured, told from metric names by convention: latency, errors, traffic, cpu, memory, pool, queue, cache … Empty: whatever `metrics` name.',
    ),
  statistic: z
    .enum(['auto', 'raw', 'rate', 'mean', 'p50', 'p90', 'p95', 'p99', 'error-ratio', 'hit-ratio', 'left'])
    .default('auto')
    .describe(
      'auto: counters as rates per second, histograms as mean and p95 in seconds, status labels as error ratios, levels as they are. raw: as stored. left: what is left below a limit. Others: only that form.',
    ),
  labels: z.record(z.string(), z.string()).optional().describe('Only series with exactly these label values.'),
  window: windowField.optional(),
  stepMs: z.number().int().min(0).max(3_600_000).default(0).describe('Resolution in milliseconds; 0: as held.'),
  order: z
    .enum(['name', 'largest'])
    .default('name')
    .describe(
      'largest: by the mean over the window, the largest first, of what entities show of themselves and not of their calls to others, where they show something of themselves.',
    ),
  maxSeries: z
    .number()
    .int()
    .min(1)
    .max(5_000)
    .default(1_000)
    .describe('Most series to read; 30 are returned, all are kept as evidence.'),
});
type Request = z.infer<typeof input>;
const output = z.object({
  series: z.array(summarisedSeries),
  total: z.number().int(),
  truncated: z.boolean(),
  notes: z.array(z.string()),
});

/** Reads metric series by entity, name and role, in a readable form; nothing in a back end's language. */
export function createQueryMetrics(deps: ReadDeps): Tool<Request, z.infer<typeof output>> {
  return {
    name: 'query_metrics',
    description:
      'Reads metric series of entities over a window, by role (latency, errors, traffic, cpu, memory …) or by metric name, as rates, means, 95th percentiles or ratios with statistics. Use it to show or to check a number; to learn what departs from normal use find_anomalies.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const window = windowOr(request.window, deps.clock);
      const where = `${source.name}, ${entitiesText(request.entities)}, ${windowText(window)}`;
      const metrics = await namesFor(source, request, window, signal);
      if (metrics.length === 0) {
        return {
          status: 'no-data',
          lookedAt: where,
          hint: `No metric has the role ${request.roles.join(' or ')} there; describe_entity lists what an entity has.`,
        };
      }
      const result = await source.query(requestOf(request, metrics, window), signal);
      if (result.status === 'no-data') {
        return {
          ...result,
          hint: `Nothing for ${metrics.slice(0, 5).join(', ')} of ${entitiesText(request.entities)}; check the names with describe_entity, or widen the window.`,
        };
      }
      const readable =
        request.statistic === 'raw' ? result.items : readableSeries(result.items, request.statistic, request.roles);
      if (readable.length === 0) {
        return {
          status: 'no-data',
          lookedAt: `${where}: ${result.items.length} series, none has the form ${request.statistic}`,
          hint: 'Use the statistic `auto` or `raw`.',
        };
      }
      const own = request.order === 'largest' ? largestFirst(readable) : readable;
      return okOf(own, { truncated: result.truncated, notes: result.notes, source: source.name, window });
    },
  };
}

/** What entities show of themselves, by the mean of each series. */
function largestFirst(readable: readonly Series[]): Series[] {
  const meanOf = ({ samples }: Series): number =>
    samples.reduce((sum, [, value]) => sum + value, 0) / Math.max(1, samples.length);
  const own = readable.filter(({ labels }) => labels['peer'] === undefined);
  // What is known only by its callers, as databases often are, is told by them.
  return (own.length > 0 ? own : readable).toSorted((left, right) => meanOf(right) - meanOf(left));
}

function okOf(readable: Series[], about: { truncated: boolean; notes: string[]; source: string; window: Window }) {
  const summarised = readable.map((item) => summariseSeries(item, shownPoints));
  const shown = summarised.slice(0, shownSeries);
  return {
    status: 'ok' as const,
    output: {
      series: shown,
      total: readable.length,
      truncated: about.truncated || readable.length > shown.length,
      notes: about.notes,
    },
    raw: { series: readable },
    digest: `${readable.length} series, ${windowText(about.window)}. ${seriesDigest(summarised, 4)}`,
    kind: 'metrics' as const,
    source: about.source,
    window: about.window,
    entities: [...new Set(readable.map(({ entity }) => entity))].sort(),
    tainted: false,
  };
}

function requestOf(request: Request, metrics: string[], window: Window): MetricRequest {
  return {
    metrics,
    entities: request.entities,
    ...(request.labels === undefined ? {} : { labels: request.labels }),
    window,
    stepMs: request.stepMs,
    maxSeries: request.maxSeries,
  };
}

/** The names asked for; with roles instead, the names that the source has of those roles. */
async function namesFor(
  source: MetricSource,
  request: Request,
  window: Window,
  signal: AbortSignal,
): Promise<string[]> {
  if (request.metrics.length > 0) return request.metrics;
  if (request.roles.length === 0) return ['*'];
  const listed = await source.list(window, signal);
  if (listed.status === 'no-data') return [];
  const roles = new Set<string>(request.roles);
  // Rates of calls and their errors are read off latency histograms too.
  if (roles.has('traffic') || roles.has('errors')) for (const role of ['traffic', 'errors', 'latency']) roles.add(role);
  const names = listed.items.filter(
    ({ metric, unit, entities }) =>
      roles.has(classifyMetric(metric.replace(/_(bucket|sum|count)$/, ''), unit).role) &&
      (request.entities.length === 0 || entities.length === 0 || entities.some((id) => request.entities.includes(id))),
  );
  // A source may describe a histogram by its base name: its three series are asked for as well.
  return [
    ...new Set(
      names.flatMap(({ metric, type }) =>
        type === 'histogram' ? [metric, `${metric}_bucket`, `${metric}_sum`, `${metric}_count`] : [metric],
      ),
    ),
  ];
}
