import { describe, expect, it } from 'vitest';
import type { Edge, Topology } from '../../domain/entity.ts';
import { openKnowledgeFile } from '../stores/knowledge-file.ts';
import { openSqliteGraphStore } from '../stores/sqlite-graph-store.ts';
import { createTopologyMemory } from './topology-memory.ts';

const hour = (n: number): string => `2030-01-01T${String(n).padStart(2, '0')}:00:00.000Z`;
const edge = (from: string, to: string, kind: Edge['kind'] = 'calls'): Edge => ({
  from: `service:${from}`,
  to: `service:${to}`,
  kind,
  source: '',
  confidence: 0.9,
});
const said = (...edges: Edge[]): Topology => ({
  entities: [...new Set(edges.flatMap(({ from, to }) => [from, to]))].map((id) => ({
    id,
    kind: 'service',
    name: id.slice(8),
  })),
  edges,
});
const open = () => {
  const database = openKnowledgeFile(':memory:');
  return createTopologyMemory({ database, graph: openSqliteGraphStore({ database }) });
};

describe('topology in time', () => {
  it('tells what held when, who said so, and what two times differ in', async () => {
    const memory = open();
    await memory.state('manifest', said(edge('shop', 'cart'), edge('cart', 'stock')), hour(1));
    await memory.state('traces', said(edge('shop', 'cart')), hour(2));
    await memory.state('manifest', said(edge('shop', 'cart'), edge('cart', 'prices')), hour(4));
    expect((await memory.read(hour(3))).edges).toEqual([
      expect.objectContaining({ to: 'service:stock', source: 'manifest', validFrom: hour(1), validTo: hour(4) }),
      expect.objectContaining({ from: 'service:shop', source: 'manifest', confidence: 0.9 }),
      expect.objectContaining({ from: 'service:shop', source: 'traces', validFrom: hour(2) }),
    ]);
    expect(await memory.compare(hour(3), hour(5))).toEqual({
      entitiesAdded: ['service:prices'],
      entitiesRemoved: ['service:stock'],
      edgesAdded: ['service:cart calls service:prices'],
      edgesRemoved: ['service:cart calls service:stock'],
    });
  });

  it('changes nothing when the same is said again, and forgets an entity only when nobody names it', async () => {
    const memory = open();
    await memory.state('a', said(edge('shop', 'cart')), hour(1));
    await memory.state('b', said(edge('cart', 'stock')), hour(1));
    const before = await memory.read(hour(9));
    await memory.state('a', said(edge('shop', 'cart')), hour(3));
    expect(await memory.read(hour(9))).toEqual(before);
    await memory.state('a', said(), hour(5));
    expect((await memory.read(hour(9))).entities.map(({ name }) => name)).toEqual(['cart', 'stock']);
    await memory.state('a', said(edge('shop', 'cart')), hour(7));
    expect((await memory.read(hour(9))).entities.map(({ name }) => name)).toEqual(['cart', 'shop', 'stock']);
    expect((await memory.read(hour(6))).entities.map(({ name }) => name)).toEqual(['cart', 'stock']);
  });

  it('finds neighbours by name, nearest first, with the way there', async () => {
    const memory = open();
    await memory.state('a', said(edge('shop', 'cart'), edge('cart', 'stock'), edge('stock', 'far')), hour(1));
    expect(await memory.around(['Cart'], { at: hour(2), hops: 1, limit: 9 })).toEqual([
      { id: 'service:shop', hops: 1, path: 'service:cart is what service:shop calls' },
      { id: 'service:stock', hops: 1, path: 'service:cart calls service:stock' },
    ]);
    const two = await memory.around(['service:shop'], { at: hour(2), hops: 2, limit: 9 });
    expect(two.at(-1)).toEqual({
      id: 'service:stock',
      hops: 2,
      path: 'service:shop calls service:cart, calls service:stock',
    });
  });
});
