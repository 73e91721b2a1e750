import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** Long synchronous jobs stop the event loop of one service for parts of a second. */
export const eventLoopBlock: Fault = {
  kind: 'event-loop-block',
  culprit: true,
  targets: (world) => namesOf(world, 'catalog', 'search', 'cart', 'checkout', 'payment', 'inventory', 'recommendation'),
  inject: (levers, target, random) => {
    const blockMs = random.int(350, 600);
    levers.order(target, { strain: { blockMs, blockEveryMs: Math.round(blockMs * random.between(1.5, 2)) } });
    return () => levers.order(target, { strain: { blockMs: 0 } });
  },
};
