import type { Fault } from './fault.ts';

/** Dump files fill the volume of one service until writes are refused. */
export const diskFull: Fault = {
  kind: 'disk-full',
  culprit: true,
  targets: (world) => world.services.filter(({ volume }) => volume).map(({ name }) => name),
  inject: (levers, target, random) => {
    levers.order(target, { strain: { fillMbPerSecond: random.between(4, 7) } });
    return () => levers.order(target, { strain: { fillMbPerSecond: 0 } });
  },
};
