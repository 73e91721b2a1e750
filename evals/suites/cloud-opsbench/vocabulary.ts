import type { Hypothesis } from '../../../domain/diagnosis.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';

/** The benchmark's words for the product's fault kinds: taxonomy, root cause, and what its objects are called. The only place that knows them. */
export const vocabulary: Readonly<Record<string, { taxonomy: string; cause: string }>> = {
  'service-account-missing': { taxonomy: 'Admission_Fault', cause: 'missing_service_account' },
  'cpu-quota-exceeded': { taxonomy: 'Admission_Fault', cause: 'namespace_cpu_quota_exceeded' },
  'memory-quota-exceeded': { taxonomy: 'Admission_Fault', cause: 'namespace_memory_quota_exceeded' },
  'pod-quota-exceeded': { taxonomy: 'Admission_Fault', cause: 'namespace_pod_quota_exceeded' },
  'service-quota-exceeded': { taxonomy: 'Admission_Fault', cause: 'namespace_service_quota_exceeded' },
  'storage-quota-exceeded': { taxonomy: 'Admission_Fault', cause: 'namespace_storage_quota_exceeded' },
  'runtime-down': { taxonomy: 'Infrastructure_Fault', cause: 'containerd_unavailable' },
  'proxy-down': { taxonomy: 'Infrastructure_Fault', cause: 'kube_proxy_unavailable' },
  'scheduler-down': { taxonomy: 'Infrastructure_Fault', cause: 'kube_scheduler_unavailable' },
  'kubelet-down': { taxonomy: 'Infrastructure_Fault', cause: 'kubelet_unavailable' },
  'node-not-ready': { taxonomy: 'Infrastructure_Fault', cause: 'kubelet_unavailable' },
  'node-network-delay': { taxonomy: 'Infrastructure_Fault', cause: 'node_network_delay' },
  'node-packet-loss': { taxonomy: 'Infrastructure_Fault', cause: 'node_network_packet_loss' },
  'cpu-throttling': { taxonomy: 'Performance_Fault', cause: 'pod_cpu_overload' },
  'cpu-saturation': { taxonomy: 'Performance_Fault', cause: 'pod_cpu_overload' },
  'pod-network-delay': { taxonomy: 'Performance_Fault', cause: 'pod_network_delay' },
  'network-latency': { taxonomy: 'Performance_Fault', cause: 'pod_network_delay' },
  'connection-limit': { taxonomy: 'Runtime_Fault', cause: 'db_connection_exhaustion' },
  'database-read-only': { taxonomy: 'Runtime_Fault', cause: 'db_read_only' },
  'zero-replicas': { taxonomy: 'Runtime_Fault', cause: 'deployment_zero_replicas' },
  'liveness-probe-wrong-port': { taxonomy: 'Runtime_Fault', cause: 'liveness_probe_incorrect_port' },
  'liveness-probe-wrong-protocol': { taxonomy: 'Runtime_Fault', cause: 'liveness_probe_incorrect_protocol' },
  'liveness-probe-too-eager': { taxonomy: 'Runtime_Fault', cause: 'liveness_probe_incorrect_timing' },
  'readiness-probe-wrong-port': { taxonomy: 'Runtime_Fault', cause: 'readiness_probe_incorrect_port' },
  'readiness-probe-wrong-protocol': { taxonomy: 'Runtime_Fault', cause: 'readiness_probe_incorrect_protocol' },
  'credentials-invalid': { taxonomy: 'Runtime_Fault', cause: 'mysql_invalid_credentials' },
  'wrong-database-address': { taxonomy: 'Runtime_Fault', cause: 'mysql_invalid_port' },
  'out-of-memory': { taxonomy: 'Runtime_Fault', cause: 'oom_killed' },
  'memory-leak': { taxonomy: 'Runtime_Fault', cause: 'oom_killed' },
  'port-conflict': { taxonomy: 'Runtime_Fault', cause: 'service_sidecar_port_conflict' },
  'insufficient-cpu': { taxonomy: 'Scheduling_Fault', cause: 'cpu_capacity_mismatch' },
  'insufficient-memory': { taxonomy: 'Scheduling_Fault', cause: 'memory_capacity_mismatch' },
  'node-affinity-mismatch': { taxonomy: 'Scheduling_Fault', cause: 'node_affinity_mismatch' },
  'nodes-cordoned': { taxonomy: 'Scheduling_Fault', cause: 'node_cordon_mismatch' },
  'node-selector-mismatch': { taxonomy: 'Scheduling_Fault', cause: 'node_selector_mismatch' },
  'pod-anti-affinity-conflict': { taxonomy: 'Scheduling_Fault', cause: 'pod_anti_affinity_conflict' },
  'volume-already-bound': { taxonomy: 'Scheduling_Fault', cause: 'pv_binding_occupied' },
  'claim-access-mode-mismatch': { taxonomy: 'Scheduling_Fault', cause: 'pvc_access_mode_mismatch' },
  'claim-capacity-mismatch': { taxonomy: 'Scheduling_Fault', cause: 'pvc_capacity_mismatch' },
  'claim-selector-mismatch': { taxonomy: 'Scheduling_Fault', cause: 'pvc_selector_mismatch' },
  'claim-class-mismatch': { taxonomy: 'Scheduling_Fault', cause: 'pvc_storage_class_mismatch' },
  'taint-not-tolerated': { taxonomy: 'Scheduling_Fault', cause: 'taint_toleration_mismatch' },
  'route-misconfigured': { taxonomy: 'Service_Routing_Fault', cause: 'gateway_misroute' },
  'dns-failure': { taxonomy: 'Service_Routing_Fault', cause: 'service_dns_resolution_failure' },
  'wrong-address': { taxonomy: 'Service_Routing_Fault', cause: 'service_env_var_address_mismatch' },
  'port-mismatch': { taxonomy: 'Service_Routing_Fault', cause: 'service_port_mapping_mismatch' },
  'protocol-mismatch': { taxonomy: 'Service_Routing_Fault', cause: 'service_protocol_mismatch' },
  'selector-mismatch': { taxonomy: 'Service_Routing_Fault', cause: 'service_selector_mismatch' },
  'registry-unresolvable': { taxonomy: 'Startup_Fault', cause: 'image_registry_dns_failure' },
  'image-not-found': { taxonomy: 'Startup_Fault', cause: 'incorrect_image_reference' },
  'image-pull-failed': { taxonomy: 'Startup_Fault', cause: 'incorrect_image_reference' },
  'image-pull-denied': { taxonomy: 'Startup_Fault', cause: 'missing_image_pull_secret' },
  'secret-missing': { taxonomy: 'Startup_Fault', cause: 'missing_secret_binding' },
  'volume-permission-denied': { taxonomy: 'Startup_Fault', cause: 'volume_mount_permission_denied' },
};

/** How the benchmark calls kinds of entities. */
const objectWords: Readonly<Record<string, string>> = { node: 'node', namespace: 'namespace' };

/** A hypothesis in the benchmark's words; undefined where it has none for the kind. */
export function labelOf({
  entity,
  faultKind,
}: Pick<Hypothesis, 'entity' | 'faultKind'>):
  | { fault_taxonomy: string; fault_object: string; root_cause: string }
  | undefined {
  const words = vocabulary[faultKind];
  if (words === undefined) return undefined;
  const object = `${objectWords[entityKindOf(entity)] ?? 'app'}/${entityNameOf(entity)}`;
  return { fault_taxonomy: words.taxonomy, fault_object: object, root_cause: words.cause };
}
