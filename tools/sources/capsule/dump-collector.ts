import type { Change } from '../../../domain/signal.ts';
import type { Window } from '../../../domain/time.ts';
import type { Redactor } from '../../../infra/runtime/redact.ts';
import type { LogSource, MetricSource, SourceResult, TopologySource, TraceSource } from '../source.ts';
import type { ManifestParts } from './capsule-format.ts';
import { writeCapsule } from './write-capsule.ts';

/** Writes everything that a collector holds of a window as a capsule folder; `changes` come from elsewhere and are added as given. */
export async function dumpCollector(
  collector: { metrics: MetricSource; logs: LogSource; traces: TraceSource; topology: TopologySource },
  window: Window,
  dir: string,
  rest: { manifest: Omit<ManifestParts, 'window'>; redactor: Pick<Redactor, 'redactValue'>; changes?: Change[] },
): Promise<void> {
  const all = { entities: [], window };
  const limit = Number.MAX_SAFE_INTEGER;
  const [metrics, logs, spans, topologies] = await Promise.all([
    collector.metrics.query({ ...all, metrics: [], stepMs: 0, maxSeries: limit }),
    collector.logs.search({ ...all, limit }),
    collector.traces.search({ ...all, limit }),
    collector.topology.read(window),
  ]);
  const data = {
    metrics: itemsOf(metrics),
    logs: itemsOf(logs),
    spans: itemsOf(spans),
    topology: itemsOf(topologies)[0] ?? { entities: [], edges: [] },
    ...(rest.changes === undefined ? {} : { changes: rest.changes }),
  };
  const names = { metrics: 'collector', logs: 'collector', traces: 'collector', topology: 'collector' };
  writeCapsule(dir, { manifest: { ...rest.manifest, window }, data, names }, rest.redactor);
}

function itemsOf<T>(result: SourceResult<T>): T[] {
  return result.status === 'ok' ? result.items : [];
}
