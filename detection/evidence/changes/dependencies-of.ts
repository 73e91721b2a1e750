import type { EntityId, Topology } from '../../../domain/entity.ts';
import type { CallOutcome } from './success-by-version.ts';

/** For each entity, everything that it needs, near and far: by the topology and by who is seen to call whom. */
export function dependenciesOf(topology: Topology, outcomes: readonly CallOutcome[]): Map<EntityId, Set<EntityId>> {
  const direct = new Map<EntityId, Set<EntityId>>();
  const add = (from: EntityId, to: EntityId): void => {
    if (from !== to) direct.set(from, (direct.get(from) ?? new Set()).add(to));
  };
  for (const { from, to } of topology.edges) add(from, to);
  for (const { entity, caller } of outcomes) if (caller !== undefined) add(caller, entity);
  const all = new Map<EntityId, Set<EntityId>>();
  for (const start of direct.keys()) {
    const reached = new Set<EntityId>();
    const open = [...(direct.get(start) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next) || next === start) continue;
      reached.add(next);
      open.push(...(direct.get(next) ?? []));
    }
    all.set(start, reached);
  }
  return all;
}
