import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** Three to four times as many visitors come. */
export const trafficSurge: Fault = {
  kind: 'traffic-surge',
  culprit: false,
  targets: (world) => namesOf(world, 'gateway'),
  inject: (levers, _target, random) => {
    levers.load(random.between(3.2, 4));
    return () => levers.load(1);
  },
};
