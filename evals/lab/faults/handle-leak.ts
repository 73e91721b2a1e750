import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** A service opens files and never closes them, until the limit of its process is reached. */
export const handleLeak: Fault = {
  kind: 'handle-leak',
  culprit: true,
  targets: (world) => namesOf(world, 'catalog', 'search', 'checkout', 'payment', 'recommendation'),
  inject: (levers, target, random) => {
    levers.order(target, { strain: { openPerSecond: random.int(4, 6) * 5 } });
    return () => levers.order(target, { strain: { openPerSecond: 0 } });
  },
};
