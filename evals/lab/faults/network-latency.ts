import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** The way to one dependency becomes slow; the dependency itself answers as fast as ever. */
export const networkLatency: Fault = {
  kind: 'network-latency',
  culprit: true,
  targets: (world) => [
    ...namesOf(world, 'payment', 'inventory', 'cart', 'search', 'recommendation', 'checkout'),
    ...world.databases.map((database) => database.name),
  ],
  inject: (levers, target, random) => {
    const milliseconds = random.between(150, 350);
    levers.proxy(target)?.delay(milliseconds, milliseconds * 0.2);
    return () => levers.proxy(target)?.delay(0, 0);
  },
};
