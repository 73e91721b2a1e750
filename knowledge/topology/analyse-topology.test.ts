import { describe, expect, it } from 'vitest';
import type { Edge, Topology } from '../../domain/entity.ts';
import { blastRadius, dependencyPath, diffTopology, ownersOf, singlePointsOfFailure } from './analyse-topology.ts';

const edge = (from: string, to: string, kind: Edge['kind'] = 'calls'): Edge => ({
  from,
  to,
  kind,
  source: 't',
  confidence: 1,
});
const graph = (...edges: Edge[]): Topology => ({
  entities: [...new Set(edges.flatMap(({ from, to }) => [from, to]))].map((id) => ({ id, kind: 'service', name: id })),
  edges,
});
const shop = graph(
  edge('web', 'cart'),
  edge('web', 'pay'),
  edge('cart', 'db'),
  edge('pay', 'db'),
  edge('db', 'disk'),
  edge('team', 'db', 'owns'),
);

describe('topology', () => {
  it('names what depends on an entity, nearest first, and not its owner', () => {
    expect(blastRadius(shop, 'db')).toEqual([
      { id: 'cart', hops: 1 },
      { id: 'pay', hops: 1 },
      { id: 'web', hops: 2 },
    ]);
    expect(ownersOf(shop, 'db')).toEqual(['team']);
  });

  it('gives a shortest path along dependencies only', () => {
    expect(dependencyPath(shop, 'web', 'disk')).toEqual(['web', 'cart', 'db', 'disk']);
    expect(dependencyPath(shop, 'disk', 'web')).toBeUndefined();
  });

  it('finds single points of failure but no redundant ones', () => {
    expect(singlePointsOfFailure(shop).map(({ id }) => id)).toEqual(['db']);
    const ring = graph(edge('a', 'b'), edge('b', 'c'), edge('c', 'a'));
    expect(singlePointsOfFailure(ring)).toEqual([]);
  });

  it('tells what changed between two times', () => {
    const after = graph(...shop.edges.filter(({ to }) => to !== 'disk'), edge('pay', 'fraud'));
    expect(diffTopology(shop, after)).toEqual({
      entitiesAdded: ['fraud'],
      entitiesRemoved: ['disk'],
      edgesAdded: ['pay calls fraud'],
      edgesRemoved: ['db calls disk'],
    });
  });
});
