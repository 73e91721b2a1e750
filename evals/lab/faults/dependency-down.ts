import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** One dependency is gone: its process is killed and stays down, or nothing listens where its callers connect. */
export const dependencyDown: Fault = {
  kind: 'dependency-down',
  culprit: true,
  targets: (world) => [
    ...namesOf(world, 'payment', 'inventory', 'recommendation', 'search', 'cart'),
    ...world.databases.map((database) => database.name),
  ],
  inject: async (levers, target, random) => {
    const stopped = random.chance(0.6);
    const proxy = levers.proxy(target);
    if (stopped) levers.hold(target);
    await proxy?.open(false);
    return async () => {
      if (stopped) await levers.revive(target);
      await proxy?.open(true);
    };
  },
};
