import type { Fault } from './fault.ts';

/** The third party answers with errors or not at all. */
export const providerOutage: Fault = {
  kind: 'provider-outage',
  culprit: false,
  targets: (world) => [world.provider],
  inject: (levers, target, random) => {
    levers.order(target, { settings: { unavailableShare: random.between(0.8, 1) } });
    return () => levers.order(target, { settings: { unavailableShare: 0 } });
  },
};
