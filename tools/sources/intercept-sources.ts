import type { SourceResult, Sources } from './source.ts';

/** Every kind of source, in a fixed order. */
export const sourceKinds = [
  'metrics',
  'logs',
  'traces',
  'changes',
  'cluster',
  'topology',
  'advisories',
  'alerts',
] as const satisfies (keyof Sources)[];

/** One call of a source as plain data; equal calls have equal canonical JSON. */
export interface SourceCall {
  source: keyof Sources | 'knowledge';
  method: string;
  request: Record<string, unknown>;
}

/** Stands between a caller and a source: may answer by itself, or `run` the call and look at its result. */
export type Interceptor = <T>(call: SourceCall, run: () => Promise<SourceResult<T>>) => Promise<SourceResult<T>>;

/** The same sources with every call led through the interceptor. Absent members stay absent. */
export function interceptSources(sources: Sources, intercept: Interceptor): Sources {
  const { metrics, logs, traces, changes, cluster, topology, advisories, alerts } = sources;
  const result: Sources = {};
  if (metrics !== undefined) {
    result.metrics = {
      name: metrics.name,
      list: (window, signal) =>
        intercept({ source: 'metrics', method: 'list', request: { window } }, () => metrics.list(window, signal)),
      query: (request, signal) =>
        intercept({ source: 'metrics', method: 'query', request: { ...request } }, () =>
          metrics.query(request, signal),
        ),
      ...(metrics.expression === undefined
        ? {}
        : {
            expression: (text, window, stepMs, signal) =>
              intercept({ source: 'metrics', method: 'expression', request: { text, window, stepMs } }, () =>
                metrics.expression!(text, window, stepMs, signal),
              ),
          }),
      ...(metrics.alerts === undefined
        ? {}
        : {
            alerts: (signal) =>
              intercept({ source: 'metrics', method: 'alerts', request: {} }, () => metrics.alerts!(signal)),
          }),
    };
  }
  if (logs !== undefined) {
    result.logs = {
      name: logs.name,
      search: (request, signal) =>
        intercept({ source: 'logs', method: 'search', request: { ...request } }, () => logs.search(request, signal)),
    };
  }
  if (traces !== undefined) {
    result.traces = {
      name: traces.name,
      search: (request, signal) =>
        intercept({ source: 'traces', method: 'search', request: { ...request } }, () =>
          traces.search(request, signal),
        ),
    };
  }
  if (changes !== undefined) {
    result.changes = {
      name: changes.name,
      list: (request, signal) =>
        intercept({ source: 'changes', method: 'list', request: { ...request } }, () => changes.list(request, signal)),
      show: (id, signal) =>
        intercept({ source: 'changes', method: 'show', request: { id } }, () => changes.show(id, signal)),
    };
  }
  if (cluster !== undefined) {
    result.cluster = {
      name: cluster.name,
      list: (request, signal) =>
        intercept({ source: 'cluster', method: 'list', request: { ...request } }, () => cluster.list(request, signal)),
    };
  }
  if (topology !== undefined) {
    result.topology = {
      name: topology.name,
      read: (window, signal) =>
        intercept({ source: 'topology', method: 'read', request: { window } }, () => topology.read(window, signal)),
    };
  }
  if (advisories !== undefined) {
    result.advisories = {
      name: advisories.name,
      list: (entities, signal) =>
        intercept({ source: 'advisories', method: 'list', request: { entities } }, () =>
          advisories.list(entities, signal),
        ),
    };
  }
  if (alerts !== undefined) {
    result.alerts = {
      name: alerts.name,
      list: (window, signal) =>
        intercept({ source: 'alerts', method: 'list', request: { window } }, () => alerts.list(window, signal)),
    };
  }
  return result;
}
