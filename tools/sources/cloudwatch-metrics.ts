import type {
  CloudWatchApi,
  CloudWatchAsk,
  CloudWatchMetric,
} from '../../detection/lifecycle/ingest/cloudwatch/cloudwatch-api.ts';
import {
  isStatistic,
  notStatistics,
  periodFor,
  thingOf,
  usualStatistic,
} from '../../detection/lifecycle/ingest/cloudwatch/cloudwatch-habits.ts';
import { classifyMetric } from '../../detection/evidence/signals/classify-metric.ts';
import { type EntityId, entityIdOf } from '../../domain/entity.ts';
import type { MetricType, Series } from '../../domain/signal.ts';
import { type Clock, msOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { unitOf } from './collector/exposition.ts';
import { createThriftyReader } from './cloudwatch-thrift.ts';
import { createNameMatcher } from '../../infra/runtime/name-matcher.ts';
import { seriesKeyOf, sortSeries } from './series-order.ts';
import type { MetricDescription, MetricRequest, MetricSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';

export interface CloudWatchMetricsOptions {
  name?: string;
  /** Only metrics of these (`AWS/EC2`, `Shop`); all without any. */
  namespaces?: readonly string[];
  /** Statistics of every metric (`Average`, `p99`, ...); without any the usual one of each name. */
  statistics?: readonly string[];
  /** Dimension that names the service, before those that AWS's own metrics have. */
  entityLabel?: string;
  /** Most metrics to ask for in one read, as each is billed; default 500. */
  mostMetrics?: number;
  /** A metric is asked for again after this time at the earliest; until then what was read is given. Default a minute, the usual period. */
  refreshMs?: number;
}

const listedMost = 50_000;
const listedForMs = 300_000;
const batch = 500;

/**
 * CloudWatch as a source of metrics. What there is comes from ListMetrics (kept for five minutes), values from GetMetricData. A series is one
 * statistic of a metric: labels are its dimensions, `cloudwatch_namespace` and `statistic`; asking for a label `statistic` of `p99` reads that
 * one. A `Sum` is of one period, whose length the notes say. Units of durations and levels come from GetMetricStatistics, asked once a name. Throws CONFIG_INVALID for a statistic that CloudWatch has not.
 */
export function createCloudWatchMetrics(
  deps: { clock: Clock; cloudwatch: CloudWatchApi },
  options: CloudWatchMetricsOptions = {},
): MetricSource {
  const { name = 'cloudwatch', namespaces = [], statistics = [], entityLabel, mostMetrics = 500 } = options;
  const wrong = notStatistics(statistics);
  if (wrong !== undefined) throw new CerebroError('CONFIG_INVALID', wrong);
  const reader = createThriftyReader(deps, { refreshMs: options.refreshMs ?? 60_000 });
  const listed = new Map<string, { at: number; metrics: CloudWatchMetric[]; cut: boolean }>();
  const entityOf = (metric: CloudWatchMetric): EntityId => {
    const thing = thingOf(metric, entityLabel);
    return thing === undefined ? entityIdOf('other', 'unknown') : entityIdOf(thing.kind, thing.name);
  };

  /** Units of durations and levels, asked once for each name, after a failure again in a while: CloudWatch gives some in seconds, some in milliseconds, some in percent. */
  const units = new Map<string, { unit?: string | undefined; failure?: { at: number; note: string } }>();
  const readUnits = async (
    metrics: readonly CloudWatchMetric[],
    span: { from: number; to: number },
    signal?: AbortSignal,
  ): Promise<string[]> => {
    const wanted = new Map(
      metrics
        .filter((metric) => measured.has(classifyMetric(metric.name).quantity) && unitOf(metric.name) === undefined)
        .map((metric) => [unitKeyOf(metric), metric] as const),
    );
    const notes = [...wanted].map(async ([key, metric]) => {
      const known = units.get(key);
      if (known !== undefined && known.failure === undefined) return [];
      if (known?.failure !== undefined && deps.clock.now() - known.failure.at < listedForMs)
        return [known.failure.note];
      try {
        units.set(key, { unit: unitNames[(await deps.cloudwatch.readUnit(metric, span, signal)) ?? ''] });
        return [];
      } catch (thrown) {
        const error = CerebroError.from(thrown);
        if (error.code === 'CANCELLED') throw error;
        const note = `${name} did not tell the unit of ${metric.name}, which may be no seconds: ${error.message}`;
        units.set(key, { failure: { at: deps.clock.now(), note } });
        return [note];
      }
    });
    return (await Promise.all(notes)).flat();
  };

  /** All metrics of the namespaces, or of one name, which is not asked for again while all are known. */
  const list = async (
    metric: string | undefined,
    signal?: AbortSignal,
  ): Promise<{ all: CloudWatchMetric[]; notes: string[] }> => {
    const isFresh = (one: { at: number }): boolean => deps.clock.now() - one.at < listedForMs;
    const whole = listed.get('');
    if (metric !== undefined && whole !== undefined && !whole.cut && isFresh(whole))
      return { all: whole.metrics.filter((one) => one.name === metric), notes: [] };
    const key = metric ?? '';
    let known = listed.get(key);
    if (known === undefined || !isFresh(known)) {
      known = { at: deps.clock.now(), metrics: [], cut: false };
      for (const namespace of namespaces.length === 0 ? [undefined] : namespaces) {
        const most = listedMost - known.metrics.length;
        const page = await deps.cloudwatch.listMetrics({ namespace, name: metric }, { most, signal });
        known.metrics.push(...page.metrics);
        known.cut ||= page.cut;
      }
      listed.set(key, known);
    }
    const notes = known.cut ? [`${name} has more than ${listedMost} metrics; name namespaces in the config`] : [];
    return { all: known.metrics, notes };
  };
  const labelsOf = ({ metric, statistic }: CloudWatchAsk): Record<string, string> => ({
    ...metric.dimensions,
    cloudwatch_namespace: metric.namespace,
    statistic,
  });
  const asksOf = (metric: CloudWatchMetric, wanted: string | undefined): CloudWatchAsk[] => {
    const usual = statistics.length === 0 ? [usualStatistic(metric.name)] : statistics;
    const chosen = wanted !== undefined && isStatistic(wanted) ? [wanted] : usual;
    return chosen.map((statistic) => ({ metric, statistic }));
  };
  const matching = (all: readonly CloudWatchMetric[], request: MetricRequest): (CloudWatchAsk & { key: string })[] => {
    const named = createNameMatcher(request.metrics);
    const entities = new Set(request.entities);
    const labels = Object.entries(request.labels ?? {});
    return all
      .filter((metric) => named(metric.name) && (entities.size === 0 || entities.has(entityOf(metric))))
      .flatMap((metric) => asksOf(metric, request.labels?.['statistic']))
      .map((ask) => ({ ...ask, labels: labelsOf(ask) }))
      .filter((ask) => labels.every(([label, value]) => ask.labels[label] === value))
      .map((ask) => ({
        ...ask,
        key: seriesKeyOf({ entity: entityOf(ask.metric), metric: ask.metric.name, labels: ask.labels }),
      }))
      .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  };

  return {
    name,
    async list(window, signal) {
      stopIfAborted(signal);
      const { all, notes } = await list(undefined, signal);
      const found = new Map<string, Set<EntityId>>();
      for (const metric of all)
        found.set(metric.name, (found.get(metric.name) ?? new Set<EntityId>()).add(entityOf(metric)));
      const items = [...found].map(([metric, entities]): MetricDescription => ({
        metric,
        type,
        ...unitIn(metric),
        entities: [...entities].sort(),
      }));
      items.sort((left, right) => (left.metric < right.metric ? -1 : 1));
      return sourceResultOf(items, {
        limit: Infinity,
        notes,
        lookedAt: `${name}: all metrics of ${namespaces.join(', ') || 'every namespace'}, ${window.from} to ${window.to}`,
      });
    },

    async query(request, signal) {
      stopIfAborted(signal);
      const { window, maxSeries } = request;
      const [only] = request.metrics;
      const exact = request.metrics.length === 1 && only?.includes('*') === false ? only : undefined;
      const { all, notes } = await list(exact, signal);
      const asks = matching(all, request);
      const [from, to] = [msOf(window.from), msOf(window.to)];
      const periodSeconds = periodFor(from, deps.clock.now(), request.stepMs);
      const period = periodSeconds * 1_000;
      // Samples carry the start of their period; whole periods are asked for, and those that start within the window are kept.
      const span = { from: Math.floor(from / period) * period, to: Math.ceil(to / period) * period, periodSeconds };
      const found: { ask: CloudWatchAsk; samples: [number, number][] }[] = [];
      let asked = 0;
      while (asked < asks.length && asked < mostMetrics && found.length <= maxSeries) {
        const some = asks.slice(asked, Math.min(mostMetrics, asked + Math.min(batch, maxSeries + 1)));
        const read = await reader.readMetrics(some, span, signal);
        notes.push(...read.notes);
        for (const [place, ask] of some.entries()) {
          const samples = read.samples[place]!.filter(
            ([time, value], index, list) =>
              Number.isFinite(value) && time >= from && time < to && time !== list[index - 1]?.[0],
          );
          if (samples.length > 0) found.push({ ask, samples });
        }
        asked += some.length;
      }
      notes.push(
        ...(await readUnits(
          found.map(({ ask }) => ask.metric),
          span,
          signal,
        )),
      );
      if (asked < asks.length && found.length <= maxSeries)
        notes.push(
          `${name} was asked for ${asked} of ${asks.length} metrics, as each is billed; name metrics or entities for the rest`,
        );
      if (found.some(({ ask }) => ask.statistic === 'Sum')) notes.push(`${name}: a Sum is of ${periodSeconds} seconds`);
      const series = found.map(({ ask, samples }): Series => ({
        metric: ask.metric.name,
        type,
        entity: entityOf(ask.metric),
        labels: labelsOf(ask),
        ...unitIn(ask.metric.name, units.get(unitKeyOf(ask.metric))?.unit),
        samples,
      }));
      return sourceResultOf(sortSeries(series), {
        limit: maxSeries,
        more: asked < asks.length,
        notes: [...new Set(notes)],
        lookedAt: `${name}: ${request.metrics.join(', ') || 'all metrics'} of ${request.entities.join(', ') || 'all entities'} in ${namespaces.join(', ') || 'every namespace'}, ${window.from} to ${window.to}`,
      });
    },
  };
}

/** CloudWatch keeps values of periods, never a counter's reading. */
const type: MetricType = 'gauge';

/** What is measured in some unit, where a count is a count. */
const measured: ReadonlySet<string> = new Set(['duration', 'used', 'free', 'max', 'age']);
/** CloudWatch's words for units, as the product has them. */
const unitNames: Readonly<Record<string, string>> = {
  Seconds: 'seconds',
  Milliseconds: 'ms',
  Microseconds: 'us',
  Bytes: 'bytes',
  Percent: 'Percent',
};

function unitKeyOf({ namespace, name }: CloudWatchMetric): string {
  return `${namespace} ${name}`;
}

function unitIn(metric: string, told?: string): { unit?: string } {
  const unit = told ?? unitOf(metric);
  return unit === undefined ? {} : { unit };
}
