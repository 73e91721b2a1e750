import type { Edge, EntityId, Topology } from '../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../domain/entity.ts';

import { mergeTopologies as unionOf } from '../sources/merge-sources.ts';

export type Direction = 'upstream' | 'downstream' | 'both';

/** Joins topologies, adds the ends of edges that no part lists, and sorts, so that the order of parts does not matter to a reader. */
export function mergeTopologies(parts: readonly Topology[]): Topology {
  const { entities, edges } = unionOf(parts);
  const known = new Map(entities.map((item) => [item.id, item]));
  for (const id of edges.flatMap(({ from, to }) => [from, to])) {
    if (!known.has(id)) known.set(id, { id, kind: entityKindOf(id), name: entityNameOf(id) });
  }
  const keyOf = (item: Edge): string => `${item.from} ${item.to} ${item.kind}`;
  return {
    entities: [...known.values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
    edges: edges.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
  };
}

/** One step of a walk: an entity reached, in how many hops, and the path of ids that led there. */
export interface Reached {
  entity: EntityId;
  hops: number;
  path: EntityId[];
}

/**
 * Breadth-first walk from `starts`. Downstream follows edges from the one that depends to what it depends on; upstream goes against them,
 * to what a fault of the start can hit. Each entity once, nearest first, ties by id.
 */
export function walk(topology: Topology, starts: readonly EntityId[], direction: Direction, depth: number): Reached[] {
  const next = new Map<EntityId, Set<EntityId>>();
  const link = (from: EntityId, to: EntityId): void => {
    const known = next.get(from);
    if (known === undefined) next.set(from, new Set([to]));
    else known.add(to);
  };
  for (const item of topology.edges) {
    if (direction !== 'upstream') link(item.from, item.to);
    if (direction !== 'downstream') link(item.to, item.from);
  }
  const reached = new Map<EntityId, Reached>(starts.map((entity) => [entity, { entity, hops: 0, path: [entity] }]));
  let front = [...reached.values()];
  for (let hops = 1; hops <= depth && front.length > 0; hops += 1) {
    const found: Reached[] = [];
    for (const at of front) {
      for (const entity of [...(next.get(at.entity) ?? [])].sort()) {
        if (reached.has(entity)) continue;
        const step = { entity, hops, path: [...at.path, entity] };
        reached.set(entity, step);
        found.push(step);
      }
    }
    front = found;
  }
  return [...reached.values()];
}
