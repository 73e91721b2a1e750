import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../domain/entity.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import { entitiesOfAlert } from './alert-entities.ts';
import { type GroupItem, groupAlerts } from './group-alerts.ts';

const item = (service: string, options: { key?: string; startMs?: number; bond?: string } = {}): GroupItem => ({
  groupKey: options.key ?? service,
  bond: options.bond,
  alert: {
    fingerprint: service,
    name: 'a',
    status: 'firing',
    startsAt: isoOf(options.startMs ?? 0),
    labels: { service },
    annotations: {},
    source: 's',
  },
});
const graph = (...edges: [string, string][]): Topology => ({
  entities: [...new Set(edges.flat())].map((name) => ({
    id: `service:${name}`,
    kind: 'service',
    name,
    aliases: [`${name}-svc`],
  })),
  edges: edges.map(([from, to]) => ({
    from: `service:${from}`,
    to: `service:${to}`,
    kind: 'calls',
    source: 't',
    confidence: 1,
  })),
});
const namesOf = (groups: GroupItem[][]): string[][] =>
  groups.map((group) => group.map(({ alert }) => alert.fingerprint));

describe('grouping of alerts', () => {
  it('follows dependencies in either direction, up to four hops', () => {
    const chain = graph(['a', 'b'], ['b', 'c'], ['c', 'd'], ['d', 'e'], ['e', 'f']);
    expect(namesOf(groupAlerts([item('a'), item('e'), item('f')], chain, 1_000))).toEqual([['a', 'e', 'f']]);
    expect(namesOf(groupAlerts([item('f'), item('a')], chain, 1_000))).toEqual([['f'], ['a']]);
  });

  it('joins two that share a dependency, and not two that share a caller', () => {
    const shared = graph(['cart', 'db'], ['orders', 'db'], ['gateway', 'cart'], ['gateway', 'search']);
    expect(namesOf(groupAlerts([item('cart'), item('orders')], shared, 1_000))).toEqual([['cart', 'orders']]);
    expect(namesOf(groupAlerts([item('cart'), item('search')], shared, 1_000))).toEqual([['cart'], ['search']]);
  });

  it('needs nearness in time, unless the sender grouped them or they are bonded', () => {
    const pair = graph(['a', 'b']);
    expect(groupAlerts([item('a'), item('b', { startMs: 1_001 })], pair, 1_000)).toHaveLength(2);
    expect(groupAlerts([item('a'), item('b', { startMs: 1_000 })], pair, 1_000)).toHaveLength(1);
    expect(groupAlerts([item('x', { key: 'k' }), item('y', { key: 'k', startMs: 9e9 })], pair, 1_000)).toHaveLength(1);
    expect(groupAlerts([item('x', { bond: 'i' }), item('y', { bond: 'i', startMs: 9e9 })], pair, 1_000)).toHaveLength(
      1,
    );
  });

  it('survives circles, and gives each alert to exactly one group in a stable order', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const edges = fc.array(fc.tuple(names, names), { maxLength: 12 });
    const alerts = fc.array(
      fc.record({ name: names, key: fc.constantFrom('k1', 'k2', 'k3'), startMs: fc.integer({ min: 0, max: 5_000 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(edges, alerts, (links, all) => {
        const items = all.map(({ name, ...rest }) => item(name, rest));
        const groups = groupAlerts(items, graph(...links), 1_000);
        expect(groups.flat().sort((left, right) => items.indexOf(left) - items.indexOf(right))).toEqual(items);
        for (const group of groups)
          expect(group.map((member) => items.indexOf(member))).toEqual(
            group.map((member) => items.indexOf(member)).sort((left, right) => left - right),
          );
        for (const one of items)
          for (const two of items) {
            if (one.groupKey === two.groupKey)
              expect(groups.find((group) => group.includes(one))).toBe(groups.find((group) => group.includes(two)));
          }
      }),
      { numRuns: 100 },
    );
  });

  it('reads entities from labels: known ones by name or alias, else the most telling label', () => {
    const labelled = (labels: Record<string, string>) => ({ ...item('x').alert, labels });
    const shop = graph(['cart', 'db']);
    expect(entitiesOfAlert(labelled({ app: 'Cart-svc', job: 'whatever' }), shop)).toEqual(['service:cart']);
    expect(entitiesOfAlert(labelled({ instance: '10.0.0.1:9100', job: 'node' }), shop)).toEqual(['service:node']);
    expect(entitiesOfAlert(labelled({ instance: '10.0.0.1:9100' }), shop)).toEqual(['host:10.0.0.1']);
    expect(entitiesOfAlert(labelled({ severity: 'page' }), shop)).toEqual([]);
  });
});
