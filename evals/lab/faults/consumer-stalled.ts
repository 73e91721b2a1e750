import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** The consumer of a queue is up but takes no more messages; the queue fills and in the end refuses. */
export const consumerStalled: Fault = {
  kind: 'consumer-stalled',
  culprit: true,
  targets: (world) => namesOf(world, 'notification'),
  inject: (levers, target) => {
    levers.order(target, { settings: { consuming: false } });
    return () => levers.order(target, { settings: { consuming: true } });
  },
};
