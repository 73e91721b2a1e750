import { describe, expect, it } from 'vitest';
import type { Edge, Topology } from '../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../domain/entity.ts';
import { createFakeClock, isoOf } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { documentStatements } from '../knowledge/catalogue.ts';
import { openKnowledge } from '../knowledge/knowledge.ts';
import { createTools } from '../tools/catalogue.ts';
import { openEvidenceStore } from '../tools/evidence-store.ts';
import { createFakeToolbox, fakeSession } from '../tools/fake-toolbox.ts';
import type { Sources } from '../tools/sources/source.ts';
import { keepObserved, withKnownTopology } from './known-topology.ts';

const hour = 60 * 60_000;
const edge = (from: string, kind: Edge['kind'], to: string): Edge => ({ from, to, kind, source: 'x', confidence: 1 });
const of = (...edges: Edge[]): Topology => ({
  entities: [...new Set(edges.flatMap(({ from, to }) => [from, to]))].map((id) => ({
    id,
    kind: entityKindOf(id),
    name: entityNameOf(id),
  })),
  edges,
});

function setUp(live: () => Topology) {
  const clock = createFakeClock('2030-01-01T00:00:00Z');
  const library = openKnowledge(
    { clock, logger: silentLogger, metrics: createMetrics() },
    { folder: ':memory:', sources: [] },
  );
  const sources: Sources = {
    topology: {
      name: 'traces',
      read: () => Promise.resolve({ status: 'ok', items: [live()], truncated: false, notes: [] }),
    },
  };
  const known = withKnownTopology(sources, library, clock);
  const evidence = openEvidenceStore({ clock }, ':memory:');
  const box = createFakeToolbox(createTools({ sources: known, evidence, clock }), { clock, evidence });
  const client = box.toolbox.clientFor(fakeSession());
  const call = async (name: string, input: Record<string, unknown>): Promise<object> => {
    const outcome = await client.call(name, input);
    if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
    if (outcome.data === null || typeof outcome.data !== 'object') throw new TypeError('no data');
    return outcome.data;
  };
  return { clock, library, live: sources.topology!, call, close: () => (box.close(), library.close()) };
}

describe('the topology that tools see', () => {
  it('joins what documents declare to what is seen; an owner is a label and never hit by a fault', async () => {
    const { clock, library, call, close } = setUp(() => of(edge('service:shop', 'calls', 'service:cart')));
    const declared = of(
      edge('service:cart', 'reads', 'database:carts'),
      edge('other:team-shop', 'owns', 'service:cart'),
    );
    await library.topology.state(`${documentStatements}a`, declared, isoOf(clock.now()));
    clock.advance(60_000);
    expect(await call('find_blast_radius', { entity: 'database:carts' })).toMatchObject({
      affected: [
        { entity: 'service:cart', hops: 1, owner: 'team-shop' },
        { entity: 'service:shop', hops: 2 },
      ],
    });
    expect(
      await call('walk_topology', { entities: ['service:shop'], to: 'database:carts', weakPoints: true }),
    ).toMatchObject({
      owners: { 'service:cart': 'team-shop' },
      path: ['service:shop', 'service:cart', 'database:carts'],
      weakPoints: [{ id: 'service:cart', dependents: 1 }],
    });
    await close();
  });

  it('gives what the sources give where documents state nothing', async () => {
    const { call, close } = setUp(() => of(edge('service:shop', 'calls', 'service:cart')));
    const found = await call('walk_topology', {});
    expect(found).toHaveProperty('topology.edges', [edge('service:shop', 'calls', 'service:cart')]);
    expect(Object.keys(found).sort()).toEqual(['hops', 'topology', 'truncated']);
    await close();
  });

  it('compares two times by what was observed then', async () => {
    const stop = new AbortController();
    const shown = [of(edge('service:shop', 'calls', 'service:cart'))];
    const last = of(edge('service:shop', 'calls', 'service:prices'));
    const {
      clock,
      library,
      live: source,
      call,
      close,
    } = setUp(() => {
      const next = shown.shift();
      if (next === undefined) stop.abort();
      return next ?? last;
    });
    await keepObserved({ clock, logger: silentLogger }, source, library, stop.signal);
    clock.advance(4 * hour);
    const before = '2030-01-01T00:15:00.000Z';
    // What the source shows now stands for the present; for the past what was remembered is joined.
    const seen = await library.topology.read(before);
    expect(seen.edges.map(({ to }) => to)).toEqual(['service:cart']);
    expect(await call('walk_topology', { since: before })).toMatchObject({
      changes: { edgesRemoved: ['service:shop calls service:cart'], entitiesRemoved: ['service:cart'] },
    });
    await close();
  });
});
