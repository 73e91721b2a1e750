import { badDeployErrors } from './bad-deploy-errors.ts';
import { cacheWipe } from './cache-wipe.ts';
import { consumerStalled } from './consumer-stalled.ts';
import { cpuSaturation } from './cpu-saturation.ts';
import { databaseLock } from './database-lock.ts';
import { dependencyDown } from './dependency-down.ts';
import { diskFull } from './disk-full.ts';
import { eventLoopBlock } from './event-loop-block.ts';
import type { Fault } from './fault.ts';
import { handleLeak } from './handle-leak.ts';
import { memoryLeak } from './memory-leak.ts';
import { missingIndex } from './missing-index.ts';
import { nPlusOne } from './n-plus-one.ts';
import { networkLatency } from './network-latency.ts';
import { noisyNeighbour } from './noisy-neighbour.ts';
import { none } from './none.ts';
import { poolExhaustion } from './pool-exhaustion.ts';
import { providerOutage } from './provider-outage.ts';
import { retryStorm } from './retry-storm.ts';
import { trafficSurge } from './traffic-surge.ts';

/** Every kind of trouble that the lab can make: first with a culprit in the shop, then without. */
export const faults: readonly Fault[] = [
  cpuSaturation,
  memoryLeak,
  eventLoopBlock,
  databaseLock,
  missingIndex,
  nPlusOne,
  poolExhaustion,
  networkLatency,
  dependencyDown,
  badDeployErrors,
  retryStorm,
  cacheWipe,
  consumerStalled,
  diskFull,
  handleLeak,
  trafficSurge,
  noisyNeighbour,
  providerOutage,
  none,
];
