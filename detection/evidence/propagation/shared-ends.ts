import type { EntityId, Topology } from '../../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { median } from '../signals/robust-statistics.ts';

/** So many widened edges, to as many others, make a shared end. */
const fewestEdges = 3;

/**
 * Entities whose calls all take longer on the way, whoever is at the other end: where at least three edges of an entity widened, at least
 * two thirds of those between parties that can be timed, and it has most of them of all ends, the cause of the delay is that end and not its
 * peers. One finding each, with the evidence of the edges. Pure.
 */
export function sharedEnds(findings: readonly Finding[], topology: Topology): Finding[] {
  const widened = new Map<EntityId, Map<EntityId, Finding>>();
  const add = (end: EntityId, other: EntityId, finding: Finding): void => {
    const edges = widened.get(end) ?? new Map<EntityId, Finding>();
    if ((edges.get(other)?.severity ?? 0) < finding.severity) edges.set(other, finding);
    widened.set(end, edges);
  };
  for (const finding of findings) {
    const { entity, peer, kind, direction, signal } = finding;
    if (peer === undefined || kind !== 'edge-shift' || direction !== 'up' || signal.type !== 'span') continue;
    add(entity, peer, finding);
    add(peer, entity, finding);
  }
  const most = Math.max(0, ...[...widened.values()].map((edges) => edges.size));
  return [...widened].flatMap(([end, edges]) => {
    const timed = new Set(
      topology.edges.flatMap(({ from, to }) => (from === end ? [to] : to === end ? [from] : [])).filter(isTimed),
    );
    if (edges.size < fewestEdges || edges.size < most || edges.size < 0.66 * timed.size) return [];
    return [findingOf(end, [...edges.values()])];
  });
}

function isTimed(id: EntityId): boolean {
  return !['database', 'queue', 'volume', 'external', 'host', 'node'].includes(entityKindOf(id));
}

function findingOf(end: EntityId, edges: readonly Finding[]): Finding {
  const onset = edges.flatMap((finding) => finding.onset ?? []).sort()[0];
  const middle = (pick: (finding: Finding) => number): number => median(edges.map(pick));
  const made = makeFinding({
    kind: 'edge-shift',
    entity: end,
    signal: { type: 'span', role: 'network', name: 'shared-gap' },
    statement: `time on the way rose on ${edges.length} edges of ${entityNameOf(end)}, whoever is at the other end`,
    direction: 'up',
    ...(onset === undefined ? {} : { onset }),
    effect: {
      baseline: middle(({ effect }) => effect?.baseline ?? 0),
      observed: middle(({ effect }) => effect?.observed ?? 0),
      size: middle(({ effect }) => effect?.size ?? 0),
    },
    severity: middle(({ severity }) => severity),
    data: { aspect: 'shared-gap', unit: 'ms', edges: edges.length },
  });
  return { ...made, evidence: [...new Set(edges.flatMap(({ evidence }) => evidence))].sort() };
}
