import { badDeployErrors } from './bad-deploy-errors.ts';
import { cpuSaturation } from './cpu-saturation.ts';
import { databaseLock } from './database-lock.ts';
import type { Fault } from './fault.ts';
import { networkLatency } from './network-latency.ts';
import { none } from './none.ts';
import { trafficSurge } from './traffic-surge.ts';

/** Every kind of trouble that the lab can make. */
export const faults: readonly Fault[] = [
  cpuSaturation,
  databaseLock,
  networkLatency,
  badDeployErrors,
  trafficSurge,
  none,
];
