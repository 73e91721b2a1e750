import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Edge, Entity } from '../../domain/entity.ts';
import type { GraphStore } from '../graph-store.ts';

const entity = (id: string): Entity => ({ id, kind: 'service', name: id, labels: { team: 'größe ✓' } });
const edge = (from: string, to: string, more: Partial<Edge> = {}): Edge => ({
  from,
  to,
  kind: 'calls',
  source: 'traces',
  confidence: 0.5,
  ...more,
});

/** The conformance suite of graph stores: call it inside a `describe`. `open` gives a new, empty one each time. */
export function describeGraphStore(open: () => Promise<{ store: GraphStore; close: () => Promise<void> }>): void {
  let store: GraphStore;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ store, close } = await open());
  });
  afterEach(() => close());
  const chain = () =>
    store.upsert({
      entities: ['a', 'b', 'c', 'd'].map(entity),
      edges: [edge('a', 'b'), edge('b', 'c'), edge('d', 'c')],
    });

  it('is empty at first', async () => {
    expect(await store.snapshot()).toEqual({ entities: [], edges: [] });
    expect(await store.walk({ from: 'a', direction: 'out', depth: 3 })).toEqual({ entities: [], edges: [] });
    expect(await store.count()).toEqual({ entities: 0, edges: 0 });
  });

  it('gives back what was put, any script, in order', async () => {
    await chain();
    const found = await store.snapshot();
    expect(found.entities).toEqual(['a', 'b', 'c', 'd'].map(entity));
    expect(found.edges).toEqual([edge('a', 'b'), edge('b', 'c'), edge('d', 'c')]);
  });

  it('replaces an edge said again and keeps what another source said', async () => {
    await chain();
    await store.upsert({
      entities: [],
      edges: [edge('a', 'b', { confidence: 0.9 }), edge('a', 'b', { source: 'config' })],
    });
    expect(await store.count()).toEqual({ entities: 4, edges: 4 });
    await store.deleteSource('traces');
    expect((await store.snapshot()).edges).toEqual([edge('a', 'b', { source: 'config' })]);
  });

  it('walks out, in and both ways as deep as asked', async () => {
    await chain();
    const ids = async (direction: 'out' | 'in' | 'both', depth: number, from = 'b') =>
      (await store.walk({ from, direction, depth })).entities.map(({ id }) => id);
    expect(await ids('out', 1)).toEqual(['b', 'c']);
    expect(await ids('in', 1)).toEqual(['a', 'b']);
    expect(await ids('both', 1)).toEqual(['a', 'b', 'c']);
    expect(await ids('both', 2)).toEqual(['a', 'b', 'c', 'd']);
    expect(await ids('in', 5, 'c')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('knows what held when', async () => {
    const [may, june, july] = ['2030-05-01T00:00:00Z', '2030-06-01T00:00:00Z', '2030-07-01T00:00:00Z'] as const;
    await store.upsert({
      entities: ['a', 'b', 'c'].map(entity),
      edges: [edge('a', 'b', { validTo: june }), edge('a', 'c', { validFrom: june })],
    });
    const at = async (time: string) => (await store.snapshot(time)).edges.map(({ to }) => to);
    expect(await at(may)).toEqual(['b']);
    expect(await at(july)).toEqual(['c']);
    expect((await store.walk({ from: 'a', direction: 'out', depth: 1, at: july })).edges).toHaveLength(1);
    expect((await store.snapshot()).edges).toHaveLength(2);
  });

  it('deletes an entity with its edges', async () => {
    await chain();
    await store.delete(['c', 'nobody']);
    expect(await store.count()).toEqual({ entities: 3, edges: 1 });
  });

  it('takes concurrent writers and circles', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        store.upsert({ entities: [entity(`n${index}`)], edges: [edge(`n${index}`, `n${(index + 1) % 10}`)] }),
      ),
    );
    expect((await store.walk({ from: 'n0', direction: 'out', depth: 50 })).entities).toHaveLength(10);
  });
}
