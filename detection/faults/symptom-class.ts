/** What a failing system shows, in classes wide enough to hold for any system. */
export type SymptomClass =
  | 'latency'
  | 'errors'
  | 'timeouts'
  | 'refused'
  | 'dns'
  | 'code-errors'
  | 'missing'
  | 'denied'
  | 'throttled'
  | 'race'
  | 'gave-up'
  | 'pool'
  | 'connections'
  | 'memory'
  | 'oom'
  | 'handles'
  | 'cpu'
  | 'blocked'
  | 'db-work'
  | 'db-latency'
  | 'locks'
  | 'retries'
  | 'fan-out'
  | 'load'
  | 'lost-calls'
  | 'queue'
  | 'cache-misses'
  | 'disk'
  | 'logs'
  | 'restarts'
  | 'probes'
  | 'availability'
  | 'unschedulable'
  | 'image'
  | 'config'
  | 'linkage'
  | 'stale';

/** The symptom classes that a kind of fault is, the telling one first. A kind that is not listed shows only what its findings do. */
const ofFaults: Readonly<Record<string, readonly SymptomClass[]>> = {
  'pool-exhaustion': ['pool'],
  'retry-storm': ['retries', 'load'],
  'cache-loss': ['cache-misses'],
  'missing-index': ['db-work', 'db-latency'],
  'slow-query': ['db-work', 'db-latency'],
  'database-lock': ['locks'],
  'n-plus-one': ['fan-out'],
  'lost-calls': ['lost-calls'],
  'event-loop-block': ['blocked'],
  'cpu-saturation': ['cpu'],
  'memory-leak': ['memory'],
  'out-of-memory': ['oom', 'memory'],
  'handle-leak': ['handles'],
  'disk-full': ['disk'],
  'consumer-stalled': ['queue'],
  'bad-deploy-errors': ['code-errors'],
  'bad-rollout': ['code-errors', 'errors', 'latency'],
  'dependency-down': ['refused', 'availability', 'timeouts'],
  'slow-service': ['latency'],
  'config-error': ['config'],
  'wrong-address': ['refused', 'dns'],
  'wrong-database-address': ['refused', 'dns'],
  'port-mismatch': ['refused'],
  'port-conflict': ['config', 'restarts'],
  'dns-failure': ['dns'],
  'credentials-invalid': ['denied'],
  'secret-missing': ['config'],
  'service-account-missing': ['denied'],
  'connection-limit': ['connections'],
  'crash-loop': ['restarts'],
  'zero-replicas': ['availability'],
  'resource-limit-too-low': ['oom', 'cpu'],
  unschedulable: ['unschedulable'],
  'insufficient-cpu': ['unschedulable'],
  'insufficient-memory': ['unschedulable'],
  'quota-exceeded': ['unschedulable'],
  'image-pull-failed': ['image'],
  'image-not-found': ['image'],
  'image-pull-denied': ['image'],
  'probe-misconfigured': ['probes'],
  'liveness-probe-wrong-port': ['probes'],
  'liveness-probe-wrong-protocol': ['probes'],
  'liveness-probe-too-eager': ['probes'],
  'readiness-probe-wrong-port': ['probes'],
  'readiness-probe-wrong-protocol': ['probes'],
  'route-misconfigured': ['missing'],
  'volume-permission-denied': ['denied'],
};

export function symptomsOfFault(kind: string): readonly SymptomClass[] {
  return ofFaults[kind] ?? [];
}
