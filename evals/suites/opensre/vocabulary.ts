import type { Diagnosis, Hypothesis } from '../../../domain/diagnosis.ts';
import { entityKindOf } from '../../../domain/entity.ts';

/** The product's fault kinds in the benchmark's four categories. Kinds that are not named here are wrong settings, as most checks tell. */
const categories: Readonly<Record<string, readonly string[]>> = {
  resource_exhaustion: [
    'cpu-saturation',
    'event-loop-block',
    'memory-leak',
    'out-of-memory',
    'disk-full',
    'handle-leak',
    'pool-exhaustion',
    'connection-limit',
    'replication-lag',
    'missing-index',
    'database-lock',
    'insufficient',
    'unschedulable',
    'quota-exceeded',
    'traffic-surge',
    'retry-storm',
    'noisy-neighbour',
    'resource-limit-too-low',
    'storage-latency',
    'slow-disk',
  ],
  infrastructure: [
    'node-not-ready',
    'node-pressure',
    'kubelet-down',
    'runtime-down',
    'proxy-down',
    'scheduler-down',
    'control-plane-down',
    'dependency-down',
    'provider-outage',
    'network-latency',
    'failover',
  ],
};

/** The category of a diagnosis; a fault that no kind names is exhaustion at a database, else a wrong setting. */
export function categoryOf(diagnosis: Diagnosis | undefined): string {
  if (diagnosis === undefined || diagnosis.verdict === 'healthy') return 'healthy';
  const top = diagnosis.hypotheses[0];
  if (top === undefined)
    return diagnosis.symptoms.some(({ entity }) => entityKindOf(entity) === 'database')
      ? 'resource_exhaustion'
      : 'configuration_error';
  return categoryOfClaim(top);
}

/** The category of one hypothesis. */
export function categoryOfClaim({ faultKind }: Pick<Hypothesis, 'faultKind'>): string {
  const named = Object.entries(categories).find(([, kinds]) => kinds.some((kind) => faultKind.startsWith(kind)));
  return named?.[0] ?? 'configuration_error';
}
