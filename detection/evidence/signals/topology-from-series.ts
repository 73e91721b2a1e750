import type { Edge, EntityId, Topology } from '../../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Series } from '../../../domain/signal.ts';
import type { MetricMeaning } from './classify-metric.ts';
import { classifyMetric } from './classify-metric.ts';
import { peerOf, resolverOf } from './peer-of.ts';

/** Entities that have series, and edges that peer labels of client-side metrics declare; confidence 0.9, source `metrics`. */
export function topologyFromSeries(series: readonly Series[]): Topology {
  const ids = new Set<EntityId>(series.map(({ entity }) => entity));
  const known = resolverOf(ids);
  const edges = new Map<string, Edge>();
  const meanings = new Map<string, MetricMeaning>();
  for (const { entity, labels, metric } of series) {
    const peer = peerOf(labels, known);
    if (peer === undefined || peer === entity) continue;
    const meaning = meanings.get(metric) ?? classifyMetric(metric);
    meanings.set(metric, meaning);
    const { role, quantity } = meaning;
    const kind = entityKindOf(peer);
    if (entityKindOf(entity) === 'host' || (kind === 'volume' && entityKindOf(entity) !== 'service')) continue;
    ids.add(peer);
    const edgeKind =
      kind === 'database' || kind === 'cache'
        ? 'reads'
        : kind === 'queue'
          ? role === 'queue' && quantity === 'out'
            ? 'consumes'
            : quantity === 'in'
              ? 'publishes'
              : undefined
          : kind === 'volume'
            ? 'mounts'
            : 'calls';
    if (edgeKind === undefined) continue;
    edges.set(`${entity}|${peer}|${edgeKind}`, {
      from: entity,
      to: peer,
      kind: edgeKind,
      source: 'metrics',
      confidence: 0.9,
    });
  }
  return {
    entities: [...ids].sort().map((id) => ({ id, kind: entityKindOf(id), name: entityNameOf(id) })),
    edges: [...edges.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, edge]) => edge),
  };
}
