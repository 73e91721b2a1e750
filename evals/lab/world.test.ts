import { describe, expect, it } from 'vitest';
import { worldOf } from './world.ts';

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

describe('worldOf', () => {
  it('draws the same world for the same seed', () => {
    for (const seed of seeds) expect(worldOf(seed)).toEqual(worldOf(seed));
  });

  it('draws different names, edges and placements for different seeds', () => {
    const worlds = seeds.map(worldOf);
    const distinct = (describeWorld: (world: (typeof worlds)[number]) => unknown): number =>
      new Set(worlds.map((world) => JSON.stringify(describeWorld(world)))).size;
    expect(distinct((world) => world.services.map(({ name }) => name))).toBeGreaterThan(30);
    expect(distinct((world) => world.services.map(({ role, calls }) => [role, calls]))).toBeGreaterThan(8);
    expect(distinct((world) => world.databases.map(({ domains }) => domains))).toBe(4);
  });

  it('has at least eight services with names of their own and a home for all data', () => {
    for (const world of seeds.map(worldOf)) {
      const names = [...world.services.map(({ name }) => name), ...world.databases.map(({ name }) => name)];
      expect(world.services.length).toBeGreaterThanOrEqual(8);
      expect(new Set(names).size).toBe(names.length);
      const held = world.databases.flatMap(({ domains }) => domains);
      expect(held).toEqual(expect.arrayContaining(world.services.flatMap(({ data }) => data)));
      for (const { calls } of world.services) {
        const roles = [...world.services.map(({ role }) => role), 'provider'];
        expect(roles).toEqual(expect.arrayContaining([...calls]));
      }
    }
  });

  it('has one or two services with a skewed clock and some with shuffled logs', () => {
    for (const { services } of seeds.map(worldOf)) {
      expect([1, 2]).toContain(services.filter(({ skewMs }) => skewMs !== 0).length);
      expect([1, 2]).toContain(services.filter(({ shuffledLogs }) => shuffledLogs).length);
    }
  });
});
