import type { Edge, EdgeKind, EntityId, Topology } from '../../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Span } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { PlacedSpan } from './span-tree.ts';
import { placeSpans } from './span-tree.ts';

/** Entities and the calls, reads and messages between them as the spans show them; confidence grows with the number of calls seen. */
export function topologyFromSpans(spans: readonly Span[]): Topology {
  return topologyFromPlaced(placeSpans(spans));
}

/** The same for spans that were placed already. */
export function topologyFromPlaced(placed: readonly PlacedSpan[]): Topology {
  const edges = new Map<string, { from: EntityId; to: EntityId; kind: EdgeKind; count: number; first: number }>();
  const ids = new Set<EntityId>();
  const add = (from: EntityId, to: EntityId, kind: EdgeKind, at: number): void => {
    if (from === to) return;
    ids.add(to);
    const key = `${from}|${to}|${kind}`;
    const edge = edges.get(key) ?? { from, to, kind, count: 0, first: at };
    edge.count += 1;
    edge.first = Math.min(edge.first, at);
    edges.set(key, edge);
  };
  for (const one of placed) {
    const { span } = one;
    ids.add(span.entity);
    if (one.peer !== undefined) add(span.entity, one.peer, edgeKindTo(one.peer, span.kind), span.startMs);
    else if (span.kind === 'server' && one.parent !== undefined)
      add(one.parent.span.entity, span.entity, 'calls', span.startMs);
    if (
      span.kind === 'consumer' &&
      one.parent !== undefined &&
      one.parent.span.kind === 'producer' &&
      one.peer === undefined
    ) {
      add(span.entity, one.parent.span.entity, 'consumes', span.startMs);
    }
  }
  return {
    entities: [...ids].sort().map((id) => ({ id, kind: entityKindOf(id), name: entityNameOf(id) })),
    edges: [...edges.values()]
      .map((edge): Edge => ({
        from: edge.from,
        to: edge.to,
        kind: edge.kind,
        source: 'traces',
        confidence: Math.round(100 * (1 - 0.5 ** Math.min(6, edge.count))) / 100,
        validFrom: isoOf(edge.first),
      }))
      .sort((left, right) => (`${left.from}|${left.to}` < `${right.from}|${right.to}` ? -1 : 1)),
  };
}

function edgeKindTo(peer: EntityId, kind: Span['kind']): EdgeKind {
  if (entityKindOf(peer) === 'queue') return kind === 'consumer' ? 'consumes' : 'publishes';
  return entityKindOf(peer) === 'database' || entityKindOf(peer) === 'cache' ? 'reads' : 'calls';
}
