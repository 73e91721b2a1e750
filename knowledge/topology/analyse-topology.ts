import type { Edge, Topology } from '../../domain/entity.ts';

/** Edge kinds along which a fault of `to` shows at `from`. Owning carries no fault. */
const carries = (edge: Edge): boolean => edge.kind !== 'owns';

/** What changed between two times. Edges are compared by ends and kind, whoever said so. */
export interface TopologyDifference {
  entitiesAdded: string[];
  entitiesRemoved: string[];
  edgesAdded: string[];
  edgesRemoved: string[];
}

/** What depends on an entity, directly or through others, with the number of hops; nearest first. O(entities + edges). */
export function blastRadius(topology: Topology, id: string): { id: string; hops: number }[] {
  const dependents = groupBy(topology.edges.filter(carries), 'to', 'from');
  const hops = new Map([[id, 0]]);
  const queue = [id];
  for (const current of queue)
    for (const dependent of dependents.get(current) ?? []) {
      if (hops.has(dependent)) continue;
      hops.set(dependent, hops.get(current)! + 1);
      queue.push(dependent);
    }
  hops.delete(id);
  return [...hops]
    .map(([other, distance]) => ({ id: other, hops: distance }))
    .sort((left, right) => left.hops - right.hops || (left.id < right.id ? -1 : 1));
}

/** A shortest chain of dependencies from one entity to another, both included; undefined when there is none. */
export function dependencyPath(topology: Topology, from: string, to: string): string[] | undefined {
  const dependencies = groupBy(topology.edges.filter(carries), 'from', 'to');
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (const current of queue) {
    if (current === to) {
      const path: string[] = [];
      for (let step: string | undefined = to; step !== undefined; step = cameFrom.get(step)) path.unshift(step);
      return path;
    }
    for (const next of (dependencies.get(current) ?? []).toSorted())
      if (!cameFrom.has(next)) {
        cameFrom.set(next, current);
        queue.push(next);
      }
  }
  return undefined;
}

/** Who owns an entity: the sources of its `owns` edges. */
export function ownersOf(topology: Topology, id: string): string[] {
  return [
    ...new Set(topology.edges.filter(({ kind, to }) => kind === 'owns' && to === id).map(({ from }) => from)),
  ].sort();
}

/**
 * Entities whose loss cuts the graph in two (articulation points of the undirected graph, Hopcroft and Tarjan 1973) with how many others
 * depend on them, most first. O(entities + edges), without recursion.
 */
export function singlePointsOfFailure(topology: Topology): { id: string; dependents: number }[] {
  const edges = topology.edges.filter(carries);
  const links = new Map<string, string[]>();
  for (const { from, to } of edges) {
    if (from === to) continue;
    links.set(from, [...(links.get(from) ?? []), to]);
    links.set(to, [...(links.get(to) ?? []), from]);
  }
  const found = new Set<string>();
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  for (const root of [...links.keys()].sort()) {
    if (order.has(root)) continue;
    let rootChildren = 0;
    const stack: { id: string; parent: string | undefined; next: number }[] = [
      { id: root, parent: undefined, next: 0 },
    ];
    order.set(root, order.size);
    low.set(root, order.get(root)!);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const { id, parent } = frame;
      const neighbour = links.get(id)?.[frame.next];
      frame.next += 1;
      if (neighbour === undefined) {
        stack.pop();
        if (parent === undefined) continue;
        low.set(parent, Math.min(low.get(parent)!, low.get(id)!));
        if (parent === root) rootChildren += 1;
        else if (low.get(id)! >= order.get(parent)!) found.add(parent);
      } else if (neighbour !== parent) {
        if (order.has(neighbour)) low.set(id, Math.min(low.get(id)!, order.get(neighbour)!));
        else {
          order.set(neighbour, order.size);
          low.set(neighbour, order.get(neighbour)!);
          stack.push({ id: neighbour, parent: id, next: 0 });
        }
      }
    }
    if (rootChildren > 1) found.add(root);
  }
  return [...found]
    .map((id) => ({ id, dependents: blastRadius(topology, id).length }))
    .filter(({ dependents }) => dependents > 0)
    .sort((left, right) => right.dependents - left.dependents || (left.id < right.id ? -1 : 1));
}

/** What two snapshots differ in. */
export function diffTopology(before: Topology, after: Topology): TopologyDifference {
  const ids = ({ entities }: Topology): Set<string> => new Set(entities.map(({ id }) => id));
  const keys = ({ edges }: Topology): Set<string> =>
    new Set(edges.map(({ from, kind, to }) => `${from} ${kind} ${to}`));
  const minus = (left: Set<string>, right: Set<string>): string[] =>
    Array.from(left)
      .filter((value) => !right.has(value))
      .sort((one, other) => (one < other ? -1 : 1));
  return {
    entitiesAdded: minus(ids(after), ids(before)),
    entitiesRemoved: minus(ids(before), ids(after)),
    edgesAdded: minus(keys(after), keys(before)),
    edgesRemoved: minus(keys(before), keys(after)),
  };
}

function groupBy(edges: readonly Edge[], key: 'from' | 'to', value: 'from' | 'to'): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const edge of edges) {
    const list = groups.get(edge[key]);
    if (list === undefined) groups.set(edge[key], [edge[value]]);
    else list.push(edge[value]);
  }
  return groups;
}
