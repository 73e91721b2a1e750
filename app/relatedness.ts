import type { EntityId, Topology } from '../domain/entity.ts';

/** Whether trouble at two entities can be one incident, by who depends on whom; undefined where the topology does not know one of them. */
export type Relatedness = (left: EntityId, right: EntityId) => boolean | undefined;

/**
 * Two entities are related when one depends on the other, directly or through one in between (which may hide its trouble), or when both depend on the
 * same third one. What only a common caller joins is not: nothing passes from the one to the other. An entity without an edge is one of which
 * nothing is known. Owners are no dependency. Cost of a question: their direct dependencies.
 */
export function createRelatedness({ edges }: Topology): Relatedness {
  const needs = new Map<EntityId, Set<EntityId>>();
  const known = new Set<EntityId>();
  for (const { from, to, kind } of edges) {
    if (kind === 'owns') continue;
    known.add(from).add(to);
    needs.set(from, (needs.get(from) ?? new Set()).add(to));
  }
  const needsOf = (id: EntityId): Iterable<EntityId> => needs.get(id) ?? [];
  const reaches = (from: EntityId, to: EntityId): boolean => {
    for (const first of needsOf(from)) if (first === to || needs.get(first)?.has(to) === true) return true;
    return false;
  };
  const share = (left: EntityId, right: EntityId): boolean => {
    for (const first of needsOf(left)) if (needs.get(right)?.has(first) === true) return true;
    return false;
  };
  return (left, right) => {
    if (left === right) return true;
    if (!known.has(left) || !known.has(right)) return undefined;
    return reaches(left, right) || reaches(right, left) || share(left, right);
  };
}
