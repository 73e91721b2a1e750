import { lowerBoundOfTime } from '../../detection/evidence/signals/counter-deltas.ts';
import type { EntityId, Topology } from '../../domain/entity.ts';
import type { Advisory, Change, FiredAlert, LogRecord, Resource, Sample, Series, Span } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { lastOfEachStep } from './collector/series-memory.ts';
import { levelRank } from '../../detection/evidence/logs/formats/log-level.ts';
import { createNameMatcher } from '../../infra/runtime/name-matcher.ts';
import { sortSeries } from './series-order.ts';
import type { LogRequest, MetricDescription, MetricRequest, Sources, TraceRequest } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';
import { groupTraces, takeWholeTraces } from './whole-traces.ts';

/** Everything that an incident's sources gave, as plain lists in any order. */
export interface SourceData {
  metrics: Series[];
  logs: LogRecord[];
  spans: Span[];
  changes: Change[];
  resources: Resource[];
  topology: Topology;
  advisories: Advisory[];
  /** Absent where nobody remembers alerts. */
  alerts?: FiredAlert[];
}

/** Loads one kind of data when it is first asked for. */
export type DataLoaders = { [Kind in keyof SourceData]: () => SourceData[Kind] };

/** Loaders of data that is already there. */
export function loadersOf(data: SourceData): DataLoaders {
  const { alerts } = data;
  return {
    metrics: () => data.metrics,
    logs: () => data.logs,
    spans: () => data.spans,
    changes: () => data.changes,
    resources: () => data.resources,
    topology: () => data.topology,
    advisories: () => data.advisories,
    ...(alerts === undefined ? {} : { alerts: () => alerts }),
  };
}

/** Sources that answer any query from plain data. `name` says in `no-data` where it looked. All members are present. */
export function createDataSources(data: DataLoaders, name: string): Required<Sources> {
  const aliases = once(() => aliasesOf(data.topology()));
  const fits = (entities: readonly EntityId[]): ((id: EntityId) => boolean) => {
    if (entities.length === 0) return () => true;
    const wanted = new Set(entities.flatMap((id) => [id, aliases().get(id) ?? id]));
    return (id) => wanted.has(id);
  };
  const metrics = once(() => sortSeries(data.metrics()));
  const logs = once(() => sortByTime(data.logs(), (record) => msOf(record.at)));
  const spans = once(() => groupTraces(data.spans()));
  const alerts = once(() => sortByTime(data.alerts?.() ?? [], (one) => msOf(one.at)));
  const changes = once(() => sortByTime(data.changes(), (change) => msOf(change.at)));
  const at = (what: string, count: number, window?: Window, entities: readonly string[] = []): string => {
    const asked = window === undefined ? '' : `, ${window.from} to ${window.to}`;
    return `${name}: ${count} ${what}; asked for ${entities.join(', ') || 'all entities'}${asked}`;
  };
  return {
    metrics: {
      name,
      list: async (window, signal) => {
        stopIfAborted(signal);
        return sourceResultOf(describe(metrics(), window), {
          limit: Infinity,
          lookedAt: at('series', metrics().length, window),
        });
      },
      query: async (request, signal) => {
        stopIfAborted(signal);
        const found = selectSeries(metrics(), request, fits(request.entities));
        const lookedAt = `${at('series', metrics().length, request.window, request.entities)}; metrics ${request.metrics.join(', ') || 'all'}`;
        return sourceResultOf(found, { limit: request.maxSeries, lookedAt });
      },
    },
    logs: {
      name,
      search: async (request, signal) => {
        stopIfAborted(signal);
        const found = selectLogs(logs(), request, fits(request.entities));
        return sourceResultOf(found, {
          limit: request.limit,
          lookedAt: at('log records', logs().length, request.window, request.entities),
        });
      },
    },
    traces: {
      name,
      search: async (request, signal) => {
        stopIfAborted(signal);
        const { found, more } = selectTraces(spans(), request, fits(request.entities));
        const lookedAt = at('traces', spans().length, request.window, request.entities);
        return sourceResultOf(found, { limit: request.limit, more, lookedAt });
      },
    },
    changes: {
      name,
      list: async (request, signal) => {
        stopIfAborted(signal);
        const fit = fits(request.entities);
        const found = within(changes(), request.window).filter((one) => one.entity === undefined || fit(one.entity));
        return sourceResultOf(found, {
          limit: request.limit,
          keep: 'newest',
          lookedAt: at('changes', changes().length, request.window, request.entities),
        });
      },
      show: async (id, signal) => {
        stopIfAborted(signal);
        const found = changes().filter(({ item }) => item.id === id);
        return sourceResultOf(
          found.slice(0, 1).map(({ item }) => item),
          { limit: 1, lookedAt: `${name}: ${changes().length} changes; asked for ${id}` },
        );
      },
    },
    cluster: {
      name,
      list: async (request, signal) => {
        stopIfAborted(signal);
        const kinds = new Set(request.kinds.map((kind) => kind.toLowerCase()));
        const found = data
          .resources()
          .filter(
            (one) =>
              (kinds.size === 0 || kinds.has(one.kind.toLowerCase())) &&
              (request.namespace === undefined || one.namespace === request.namespace) &&
              (request.name === undefined || one.name === request.name),
          );
        const asked = [request.kinds.join(', ') || 'all kinds', request.namespace, request.name].filter(
          (one) => one !== undefined,
        );
        return sourceResultOf(found, {
          limit: request.limit,
          lookedAt: `${name}: ${data.resources().length} resources; asked for ${asked.join(' ')}`,
        });
      },
    },
    topology: {
      name,
      read: async (window, signal) => {
        stopIfAborted(signal);
        const { entities, edges } = data.topology();
        const valid = edges.filter((edge) => isValidWithin(edge, window));
        return sourceResultOf(entities.length + edges.length === 0 ? [] : [{ entities, edges: valid }], {
          limit: 1,
          lookedAt: `${name}: no entities`,
        });
      },
    },
    advisories: {
      name,
      list: async (_entities, signal) => {
        stopIfAborted(signal);
        return sourceResultOf(data.advisories(), { limit: Infinity, lookedAt: `${name}: no advisories` });
      },
    },
    alerts: {
      name,
      list: async (window, signal) => {
        stopIfAborted(signal);
        const found = within(alerts(), window);
        return sourceResultOf(found, { limit: Infinity, lookedAt: at('alerts', alerts().length, window) });
      },
    },
  };
}

interface Timed<T> {
  ms: number;
  item: T;
}

function sortByTime<T>(items: readonly T[], timeOf: (item: T) => number): Timed<T>[] {
  return items.map((item) => ({ ms: timeOf(item), item })).sort((left, right) => left.ms - right.ms);
}

function within<T>(items: readonly Timed<T>[], window: Window): T[] {
  const [from, to] = [msOf(window.from), msOf(window.to)];
  return items.filter(({ ms }) => ms >= from && ms < to).map(({ item }) => item);
}

function selectSeries(all: readonly Series[], request: MetricRequest, fit: (id: EntityId) => boolean): Series[] {
  const [from, to] = [msOf(request.window.from), msOf(request.window.to)];
  const named = createNameMatcher(request.metrics);
  const labels = Object.entries(request.labels ?? {});
  const found: Series[] = [];
  for (const one of all) {
    if (!named(one.metric) || !fit(one.entity) || !labels.every(([label, value]) => one.labels[label] === value))
      continue;
    const samples = samplesWithin(one.samples, from, to);
    if (samples.length === 0) continue;
    found.push({ ...one, samples: request.stepMs > 0 ? lastOfEachStep(samples, from, request.stepMs) : samples });
  }
  return found;
}

/** The samples from `from` up to, not at, `to`; they are in time order. */
function samplesWithin(samples: readonly Sample[], from: number, to: number): Sample[] {
  return samples.slice(lowerBoundOfTime(samples, from), lowerBoundOfTime(samples, to));
}

function describe(all: readonly Series[], window: Window): MetricDescription[] {
  const [from, to] = [msOf(window.from), msOf(window.to)];
  const found = new Map<string, MetricDescription>();
  for (const one of all) {
    if (!one.samples.some(([time]) => time >= from && time < to)) continue;
    const known = found.get(one.metric);
    if (known === undefined) {
      const { metric, type, unit } = one;
      found.set(metric, { metric, type, ...(unit === undefined ? {} : { unit }), entities: [one.entity] });
    } else if (known.entities.at(-1) !== one.entity && !known.entities.includes(one.entity))
      known.entities.push(one.entity);
  }
  return [...found.values()].sort((left, right) => (left.metric < right.metric ? -1 : 1));
}

function selectLogs(
  all: readonly Timed<LogRecord>[],
  request: LogRequest,
  fit: (id: EntityId) => boolean,
): LogRecord[] {
  const words = (request.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const least = request.minLevel === undefined ? -1 : levelRank[request.minLevel];
  return within(all, request.window).filter((record) => {
    if (!fit(record.entity) || levelRank[record.level] < least) return false;
    if (request.traceId !== undefined && record.traceId !== request.traceId) return false;
    if (words.length === 0) return true;
    const text = `${record.message} ${record.fields === undefined ? '' : JSON.stringify(record.fields)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function selectTraces(
  all: readonly Span[][],
  request: TraceRequest,
  fit: (id: EntityId) => boolean,
): { found: Span[]; more: boolean } {
  const [from, to] = [msOf(request.window.from), msOf(request.window.to)];
  const fitting = all
    .map((trace) => trace.filter((one) => one.startMs >= from && one.startMs < to))
    .filter(
      (trace) =>
        trace.length > 0 &&
        (request.traceId === undefined || trace[0]!.traceId === request.traceId) &&
        trace.some(
          (one) =>
            fit(one.entity) &&
            (request.onlyErrors !== true || one.status === 'error') &&
            one.durationMs >= (request.minDurationMs ?? 0),
        ),
    );
  return takeWholeTraces(fitting, request.limit);
}

function isValidWithin(
  edge: { validFrom?: string | undefined; validTo?: string | undefined },
  window: Window,
): boolean {
  if (edge.validFrom !== undefined && msOf(edge.validFrom) >= msOf(window.to)) return false;
  return edge.validTo === undefined || msOf(edge.validTo) > msOf(window.from);
}

function aliasesOf(topology: Topology): Map<string, EntityId> {
  return new Map(topology.entities.flatMap((one) => (one.aliases ?? []).map((alias) => [alias, one.id] as const)));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
