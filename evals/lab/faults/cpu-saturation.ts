import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** Threads of one service compute without a pause. */
export const cpuSaturation: Fault = {
  kind: 'cpu-saturation',
  culprit: true,
  targets: (world) => namesOf(world, 'catalog', 'search', 'cart', 'checkout', 'payment', 'inventory', 'recommendation'),
  inject: (levers, target, random) => {
    levers.order(target, { strain: { burnThreads: random.int(2, 3), burnPerRequestMs: random.between(12, 24) } });
    return () => levers.order(target, { strain: { burnThreads: 0, burnPerRequestMs: 0 } });
  },
};
