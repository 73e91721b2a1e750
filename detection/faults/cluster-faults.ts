import { checked, nodes, workloads } from './checked-fault.ts';
import { clusterDegradations } from './cluster-degradations.ts';
import { clusterMechanisms } from './cluster-mechanisms.ts';
import type { FaultKind } from './fault-kind.ts';

/** Kinds that cluster objects, events and node state show; told by resource checks. */
export const clusterFaults: readonly FaultKind[] = [
  ...clusterMechanisms,
  ...clusterDegradations,
  checked(
    'image-pull-failed',
    'image cannot be pulled',
    'the image of {entity} cannot be pulled: wrong name, tag or registry access',
    { remedies: ['roll_back_service', 'set_configuration'] },
  ),
  checked('crash-loop', 'crash loop', '{entity} ends soon after each start', {
    remedies: ['roll_back_service', 'set_configuration'],
  }),
  checked(
    'secret-missing',
    'secret or config map missing',
    '{entity} needs a secret, key or config map that is not there',
    { remedies: ['set_configuration'] },
  ),
  checked(
    'service-account-missing',
    'service account or rights missing',
    '{entity} lacks a service account or the rights it needs',
    { remedies: ['set_configuration'] },
  ),
  checked(
    'unschedulable',
    'cannot be scheduled',
    'no node fits the requests, selectors, affinity or tolerations of {entity}',
    { remedies: ['set_configuration', 'scale_nodes'] },
  ),
  checked('quota-exceeded', 'quota exceeded', 'a quota of the namespace refuses new pods of {entity}', {
    strikes: [...workloads, 'namespace'],
    remedies: ['raise_quota'],
  }),
  checked(
    'volume-mount-failed',
    'volume cannot be mounted',
    'a claim, class, mode or permission keeps the volume of {entity} from being mounted',
    { strikes: [...workloads, 'volume'], remedies: ['set_configuration'] },
  ),
  checked('read-only-volume', 'volume is read only', 'a volume of {entity} refuses writes', {
    strikes: [...workloads, 'volume'],
    remedies: ['set_configuration'],
  }),
  checked(
    'probe-misconfigured',
    'probe misconfigured',
    'a probe of {entity} asks the wrong port, path or protocol, or too early',
    { remedies: ['set_configuration', 'roll_back_service'] },
  ),
  checked(
    'port-mismatch',
    'port or protocol mismatch',
    'a port that {entity} is called on is not the one it listens on',
    { remedies: ['set_configuration'] },
  ),
  checked('port-conflict', 'port already in use', '{entity} cannot listen: its port is taken', {
    remedies: ['set_configuration'],
  }),
  checked('selector-mismatch', 'selector matches nothing', 'the service object of {entity} selects no ready pod', {
    remedies: ['set_configuration'],
  }),
  checked('zero-replicas', 'no replicas', '{entity} is scaled to nothing', { remedies: ['scale_service'] }),
  checked(
    'wrong-address',
    'wrong address in configuration',
    '{entity} is configured with an address or port that nobody answers on',
    { remedies: ['set_configuration', 'roll_back_service'] },
  ),
  checked('credentials-invalid', 'credentials refused', 'the credentials of {entity} are refused', {
    remedies: ['set_configuration'],
  }),
  checked('connection-limit', 'connection limit reached', '{entity} accepts no more connections', {
    remedies: ['set_configuration', 'scale_service'],
  }),
  checked('dns-failure', 'names are not resolved', 'names do not resolve for {entity} or its callers', {
    strikes: [...workloads, 'node', 'external'],
    remedies: ['restart_service', 'set_configuration'],
  }),
  checked('certificate-expired', 'certificate expired or untrusted', 'the certificate of {entity} is refused', {
    strikes: [...workloads, 'external'],
    remedies: ['renew_certificate'],
  }),
  checked('route-misconfigured', 'gateway route wrong', 'a route of {entity} points to a wrong place', {
    remedies: ['set_configuration'],
  }),
  checked('network-policy-blocks', 'network policy blocks', 'a network policy keeps callers from {entity}', {
    remedies: ['set_configuration'],
  }),
  checked('resource-limit-too-low', 'limit too low', 'a limit of {entity} is below what it needs', {
    remedies: ['set_configuration', 'raise_memory_limit'],
  }),
  checked('admission-refused', 'admission refused', 'an admission rule refuses objects of {entity}', {
    strikes: [...workloads, 'namespace'],
    remedies: ['set_configuration'],
  }),
  checked('node-not-ready', 'node not ready', 'node {entity} is not ready', {
    strikes: nodes,
    remedies: ['drain_node', 'restart_node_agent'],
  }),
  checked('node-cordoned', 'node cordoned', 'node {entity} takes no new pods', {
    strikes: nodes,
    remedies: ['uncordon_node'],
  }),
  checked('node-pressure', 'node under pressure', 'node {entity} is short of memory, disk or process ids', {
    strikes: nodes,
    remedies: ['drain_node', 'clean_volume'],
  }),
  checked('kubelet-down', 'kubelet down', 'the kubelet of {entity} does not report', {
    strikes: nodes,
    remedies: ['restart_node_agent'],
  }),
  checked('runtime-down', 'container runtime down', 'the container runtime of {entity} fails', {
    strikes: nodes,
    remedies: ['restart_node_agent'],
  }),
  checked('proxy-down', 'node proxy down', 'the service proxy of {entity} does not run', {
    strikes: [...nodes, 'pod', 'workload'],
    remedies: ['restart_node_agent'],
  }),
  checked('scheduler-down', 'scheduler down', 'the scheduler does not place pods', {
    strikes: [...nodes, 'pod', 'workload', 'other'],
    remedies: ['restart_service'],
  }),
];
