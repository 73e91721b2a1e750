import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../../../domain/entity.ts';
import { isBend, layeredLayout } from './layered-layout.ts';

function topologyOf(names: readonly string[], pairs: readonly (readonly [string, string])[]): Topology {
  return {
    entities: names.map((name) => ({ id: name, kind: 'service', name })),
    edges: pairs.map(([from, to]) => ({ from, to, kind: 'calls', source: 'test', confidence: 1 })),
  };
}

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const anyTopology = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names, 'stranger')), { maxLength: 20 })
  .map((pairs) => topologyOf(names, pairs));

describe('layeredLayout', () => {
  it('puts a chain in layers and bends an edge that passes one by', () => {
    const layout = layeredLayout(
      topologyOf(
        ['a', 'b', 'c'],
        [
          ['a', 'b'],
          ['b', 'c'],
          ['a', 'c'],
        ],
      ),
    );
    expect(layout.layers.map((layer) => layer.filter((id) => !isBend(id)))).toEqual([['a'], ['b'], ['c']]);
    expect(layout.edges.find(({ from, to }) => from === 'a' && to === 'c')?.via).toHaveLength(3);
  });

  it('takes the crossing out where the order within a layer can', () => {
    const { layers } = layeredLayout(
      topologyOf(
        ['a', 'b', 'x', 'y'],
        [
          ['a', 'y'],
          ['b', 'x'],
        ],
      ),
    );
    expect(layers).toEqual([
      ['a', 'b'],
      ['y', 'x'],
    ]);
  });

  it('gives every entity one place and every edge its ends, whatever the cycles, and the same each time', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const layout = layeredLayout(topology);
        const places = layout.layers.flat();
        expect(new Set(places).size).toBe(places.length);
        expect(places.filter((id) => !isBend(id)).sort()).toEqual(names);
        expect(layout.layers.every((layer) => layer.length > 0)).toBe(true);
        for (const { from, to, via } of layout.edges) {
          expect([via[0], via.at(-1)]).toEqual([from, to]);
          expect(via.every((id) => places.includes(id))).toBe(true);
        }
        expect(layeredLayout({ entities: topology.entities.toReversed(), edges: topology.edges.toReversed() })).toEqual(
          layout,
        );
      }),
    );
  });

  it('draws nothing from nothing', () => {
    expect(layeredLayout({ entities: [], edges: [] })).toEqual({ layers: [], edges: [] });
  });
});
