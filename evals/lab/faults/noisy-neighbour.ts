import { join } from 'node:path';
import type { Fault } from './fault.ts';

/** A process that is no part of the shop takes the cores of the host. */
export const noisyNeighbour: Fault = {
  kind: 'noisy-neighbour',
  culprit: false,
  targets: () => [],
  inject: (levers, _target, random) =>
    levers.runForeign(join(import.meta.dirname, '..', 'load', 'encode-video.ts'), String(random.int(5, 7))),
};
