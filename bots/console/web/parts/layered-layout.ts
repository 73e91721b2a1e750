import type { Topology } from '../../../../domain/entity.ts';

/** Who stands in which layer (0 holds those nobody depends on), from top to bottom, and the edges to draw. */
export interface Layout {
  /** Entities and the bends of long edges, which take a place of their own so that no edge runs behind a stranger. */
  layers: string[][];
  /** Each pair once, with what it passes from end to end: its two entities and a bend in each layer between. */
  edges: { from: string; to: string; via: string[] }[];
}

const sweeps = 8;

/**
 * A layered drawing in the manner of Sugiyama, Tagawa and Toda (1981): edges that close a cycle are set aside, an entity stands one layer after the last of
 * those that depend on it, long edges bend in each layer they pass, and the order within layers is settled by barycentre sweeps. Same topology, same
 * layout. O(sweeps * edges * layers).
 */
export function layeredLayout(topology: Topology): Layout {
  const ids = [...new Set(topology.entities.map((entity) => entity.id))].sort();
  const known = new Set(ids);
  const seen = new Set<string>();
  const pairs: [string, string][] = [];
  for (const { from, to } of topology.edges) {
    const key = `${from}\n${to}`;
    if (from === to || seen.has(key) || !known.has(from) || !known.has(to)) continue;
    seen.add(key);
    pairs.push([from, to]);
  }
  pairs.sort(([fromA, toA], [fromB, toB]) => compare(fromA, fromB) || compare(toA, toB));
  const layerOf = layersOf(ids, withoutCycles(ids, pairs));
  const layers: string[][] = Array.from({ length: Math.max(-1, ...layerOf.values()) + 1 }, () => []);
  for (const id of ids) layers[layerOf.get(id) ?? 0]?.push(id);
  const edges = pairs.map(([from, to]) => {
    const via = [from];
    for (let layer = (layerOf.get(from) ?? 0) + 1; layer < (layerOf.get(to) ?? 0); layer += 1) {
      const bend = `${from}\n${to}\n${layer}`;
      layers[layer]?.push(bend);
      via.push(bend);
    }
    return { from, to, via: [...via, to] };
  });
  order(
    layers,
    edges.flatMap(({ via }) => via.slice(1).map((to, index): [string, string] => [via[index] ?? to, to])),
  );
  return { layers, edges };
}

/** True for a place that an edge bends at, which holds no entity. */
export function isBend(id: string): boolean {
  return id.includes('\n');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function withoutCycles(ids: readonly string[], pairs: readonly [string, string][]): [string, string][] {
  const next = neighbours(pairs);
  const state = new Map<string, 'open' | 'done'>();
  const kept: [string, string][] = [];
  const visit = (id: string): void => {
    state.set(id, 'open');
    for (const to of next.get(id) ?? []) {
      if (state.get(to) === 'open') continue;
      kept.push([id, to]);
      if (!state.has(to)) visit(to);
    }
    state.set(id, 'done');
  };
  const targets = new Set(pairs.map(([, to]) => to));
  // Starting where nobody depends on anything keeps the arrows of a cycle pointing away from the entrance.
  for (const id of [...ids.filter((one) => !targets.has(one)), ...ids]) if (!state.has(id)) visit(id);
  return kept;
}

function layersOf(ids: readonly string[], pairs: readonly [string, string][]): Map<string, number> {
  const next = neighbours(pairs);
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const [, to] of pairs) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const layerOf = new Map(ids.map((id) => [id, 0]));
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    for (const to of next.get(id) ?? []) {
      layerOf.set(to, Math.max(layerOf.get(to) ?? 0, (layerOf.get(id) ?? 0) + 1));
      const left = (waiting.get(to) ?? 1) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return layerOf;
}

function order(layers: string[][], pairs: readonly [string, string][]): void {
  const forward = neighbours(pairs);
  const backward = neighbours(pairs.map(([from, to]) => [to, from]));
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const down = sweep % 2 === 0;
    const place = new Map(
      layers.flatMap((layer) => layer.map((id, index) => [id, (index + 0.5) / layer.length] as const)),
    );
    for (const layer of down ? layers : layers.toReversed()) {
      const weight = new Map(
        layer.map((id) => [id, centre((down ? backward : forward).get(id), place) ?? place.get(id) ?? 0]),
      );
      layer.sort((left, right) => (weight.get(left) ?? 0) - (weight.get(right) ?? 0) || compare(left, right));
      for (const [index, id] of layer.entries()) place.set(id, (index + 0.5) / layer.length);
    }
  }
}

function centre(others: readonly string[] | undefined, place: ReadonlyMap<string, number>): number | undefined {
  if (others === undefined || others.length === 0) return undefined;
  return others.reduce((sum, id) => sum + (place.get(id) ?? 0), 0) / others.length;
}

function neighbours(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const [from, to] of pairs) map.set(from, [...(map.get(from) ?? []), to]);
  return map;
}
