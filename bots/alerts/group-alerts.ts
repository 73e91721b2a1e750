import type { EntityId, Topology } from '../../domain/entity.ts';
import type { Alert } from '../../domain/question.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { entitiesOfAlert } from './alert-entities.ts';

/** An alert as grouping sees it. Items with the same `bond` belong together from the start (an open triage). */
export interface GroupItem {
  groupKey: string;
  alert: Alert;
  bond: string | undefined;
}

/** How far along dependencies a fault is followed from alert to alert, in hops. */
const mostHops = 4;

/**
 * Puts alerts into causal groups: the same group key, or starts within `windowMs` of each other on entities of which one depends on the
 * other (at most four hops) or which share a direct dependency. Transitive; groups and their members keep the order of `items`.
 * Quadratic in the number of alerts.
 */
export function groupAlerts<Item extends GroupItem>(
  items: readonly Item[],
  topology: Topology,
  windowMs: number,
): Item[][] {
  const related = createRelation(topology);
  const parents = items.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[index] = root;
    return root;
  };
  const seen = items.map(({ alert }) => ({ start: msOf(alert.startsAt), entities: entitiesOfAlert(alert, topology) }));
  for (const [right, item] of items.entries()) {
    for (let left = 0; left < right; left += 1) {
      const other = items[left];
      const [a, b] = [seen[left], seen[right]];
      if (other === undefined || a === undefined || b === undefined || rootOf(left) === rootOf(right)) continue;
      const together = (item.bond !== undefined && item.bond === other.bond) || item.groupKey === other.groupKey;
      const near = Math.abs(a.start - b.start) <= windowMs;
      if (together || (near && a.entities.some((one) => b.entities.some((two) => related(one, two))))) {
        parents[Math.max(rootOf(left), rootOf(right))] = Math.min(rootOf(left), rootOf(right));
      }
    }
  }
  const groups = new Map<number, Item[]>();
  for (const [index, item] of items.entries()) {
    const group = groups.get(rootOf(index));
    if (group === undefined) groups.set(rootOf(index), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function createRelation(topology: Topology): (one: EntityId, two: EntityId) => boolean {
  const dependencies = new Map<EntityId, EntityId[]>();
  for (const { from, to } of topology.edges) dependencies.set(from, [...(dependencies.get(from) ?? []), to]);
  const reached = new Map<EntityId, Set<EntityId>>();
  const reachOf = (start: EntityId): Set<EntityId> => {
    const known = reached.get(start);
    if (known !== undefined) return known;
    const found = new Set([start]);
    let border = [start];
    for (let hop = 0; hop < mostHops && border.length > 0; hop += 1) {
      border = border.flatMap((entity) => dependencies.get(entity) ?? []).filter((entity) => !found.has(entity));
      for (const entity of border) found.add(entity);
    }
    reached.set(start, found);
    return found;
  };
  return (one, two) => {
    if (one === two || reachOf(one).has(two) || reachOf(two).has(one)) return true;
    const shared = new Set(dependencies.get(one) ?? []);
    return (dependencies.get(two) ?? []).some((entity) => shared.has(entity));
  };
}
