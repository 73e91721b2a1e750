import type { EntityKind } from '../../domain/entity.ts';
import type { Clue } from './clue.ts';
import type { FaultKind } from './fault-kind.ts';

const callers = [
  'latency',
  'errors',
  'pool',
  'retries',
  'traffic',
  'queue',
  'availability',
  'logs',
  'event-loop',
  'memory',
];

/** A kind whose signature is a check, an event or a log line that names it; telemetry only supports it. */
function checked(
  kind: string,
  title: string,
  mechanism: string,
  more: { strikes?: readonly EntityKind[]; remedies: readonly string[] },
): FaultKind {
  const signature: Clue[] = [
    { where: 'self', shows: ['hint'], weight: 0.72, says: 'a check or log line names it', required: true },
    {
      where: 'self',
      shows: ['!availability', '-availability', '~restarts', '+errors'],
      weight: 0.15,
      says: 'it fails or restarts',
    },
    { where: 'in', shows: ['+errors', 'hint:dependency-down'], weight: 0.12, says: 'calls to it fail' },
  ];
  return {
    kind,
    title,
    mechanism,
    culprit: true,
    strikes: more.strikes ?? workloads,
    signature,
    refutes: [],
    spreads: { toCallers: callers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: more.remedies,
  };
}

const workloads: readonly EntityKind[] = [
  'service',
  'workload',
  'pod',
  'container',
  'gateway',
  'function',
  'database',
  'other',
];
const nodes: readonly EntityKind[] = ['node', 'host'];
const namespaces: readonly EntityKind[] = [...workloads, 'namespace'];
const configured = { remedies: ['set_configuration', 'roll_back_service'] };
const sized = { remedies: ['set_configuration', 'scale_nodes'] };
const quota = { strikes: namespaces, remedies: ['raise_quota'] };
const volumes = { strikes: [...workloads, 'volume' as const], remedies: ['set_configuration'] };
const agent = { strikes: nodes, remedies: ['restart_node_agent', 'drain_node'] };

/** Kinds that name the mechanism behind a pod that does not start, is not found or is refused. */
const mechanisms: readonly FaultKind[] = [
  checked('image-not-found', 'image does not exist', 'the registry knows no such image or tag as {entity} names', configured),
  checked('image-pull-denied', 'image pull refused', 'the registry refuses {entity}: its pull secret is missing or wrong', configured),
  checked('registry-unresolvable', 'registry does not resolve', 'the name of the registry of {entity} does not resolve', configured),
  checked('node-selector-mismatch', 'no node has the labels', 'no node has the labels that {entity} selects', configured),
  checked('node-affinity-mismatch', 'no node fits the affinity', 'no node fits the required affinity of {entity}', configured),
  checked('pod-anti-affinity-conflict', 'anti-affinity conflict', 'its anti-affinity keeps {entity} from every node', configured),
  checked('taint-not-tolerated', 'taint not tolerated', '{entity} does not tolerate the taint of the nodes that fit', configured),
  checked('nodes-cordoned', 'fitting nodes cordoned', 'the nodes that fit {entity} are cordoned', { remedies: ['uncordon_node'] }),
  checked('insufficient-cpu', 'not enough CPU on any node', '{entity} requests more CPU than any node has left', sized),
  checked('insufficient-memory', 'not enough memory on any node', '{entity} requests more memory than any node has left', sized),
  checked('cpu-quota-exceeded', 'CPU quota spent', 'the CPU quota of namespace {entity} is spent', quota),
  checked('memory-quota-exceeded', 'memory quota spent', 'the memory quota of namespace {entity} is spent', quota),
  checked('pod-quota-exceeded', 'pod quota spent', 'the pod quota of namespace {entity} is spent', quota),
  checked('service-quota-exceeded', 'service quota spent', 'the service quota of namespace {entity} is spent', quota),
  checked('storage-quota-exceeded', 'storage quota spent', 'the storage quota of namespace {entity} is spent', quota),
  checked('claim-class-mismatch', 'storage class does not fit', 'the claim of {entity} asks for a storage class that no volume has', volumes),
  checked('claim-capacity-mismatch', 'claim larger than the volume', 'the claim of {entity} asks for more than the volume holds', volumes),
  checked('claim-access-mode-mismatch', 'access mode does not fit', 'the claim of {entity} asks for an access mode that the volume lacks', volumes),
  checked('claim-selector-mismatch', 'claim selects no volume', 'the claim of {entity} selects labels that no volume carries', volumes),
  checked('volume-already-bound', 'volume belongs to another claim', 'the volume that {entity} needs belongs to another claim', volumes),
  checked('volume-permission-denied', 'no right to the volume', '{entity} has no right to write where it must', volumes),
  checked('liveness-probe-wrong-port', 'liveness probe on a wrong port', 'the liveness probe of {entity} asks a port on which nothing listens', configured),
  checked('liveness-probe-wrong-protocol', 'liveness probe of a wrong protocol', 'the liveness probe of {entity} speaks another protocol than its port', configured),
  checked('liveness-probe-too-eager', 'liveness probe too eager', 'the liveness probe of {entity} kills it before a start is over', configured),
  checked('readiness-probe-wrong-port', 'readiness probe on a wrong port', 'the readiness probe of {entity} asks a port on which nothing listens', configured),
  checked('readiness-probe-wrong-protocol', 'readiness probe of a wrong protocol', 'the readiness probe of {entity} speaks another protocol than its port', configured),
  checked('protocol-mismatch', 'service of a wrong protocol', 'the service of {entity} offers another protocol than its pods', configured),
  checked('wrong-database-address', 'wrong address of the database', '{entity} calls its database at an address or port that it does not have', configured),
  checked('database-read-only', 'database is read only', '{entity} refuses writes', { remedies: ['set_configuration', 'restart_service'] }),
  checked('control-plane-down', 'control plane down', 'a control-plane service of {entity} does not run', agent),
];

/** Kinds that alerts with levels show. */
const degradations: readonly FaultKind[] = [
  {
    kind: 'cpu-throttling',
    title: 'CPU limit reached',
    mechanism: '{entity} needs more CPU than its limit and is held back',
    culprit: true,
    strikes: workloads,
    signature: [
      { where: 'self', shows: ['+cpu/throttled'], weight: 0.4, says: 'its CPU is throttled', required: true },
      { where: 'self', shows: ['+cpu/alerted'], weight: 0.45, says: 'its CPU use rose' },
      { where: 'self', shows: ['+latency/alerted'], weight: 0.4, says: 'it answers slower' },
    ],
    refutes: [],
    spreads: { toCallers: callers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['scale_service', 'raise_cpu_limit'],
  },
  {
    kind: 'pod-network-delay',
    title: 'slow network at a pod',
    mechanism: 'packets to and from {entity} are late; it answers slower without more work',
    culprit: true,
    strikes: workloads,
    signature: [
      { where: 'self', shows: ['+latency/alerted'], weight: 0.66, says: 'it answers slower', required: true },
      { where: 'self', shows: ['-traffic/alerted', '+errors/alerted'], weight: 0.2, says: 'fewer calls get through' },
    ],
    refutes: [
      { where: 'self', shows: ['+cpu/throttled'], weight: 0.6, says: 'its CPU is throttled' },
      { where: 'self', shows: ['+cpu/alerted'], weight: 0.3, says: 'its CPU use rose' },
      { where: 'self', shows: ['+memory/alerted'], weight: 0.2, says: 'its memory rose' },
    ],
    spreads: { toCallers: callers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['check_network_path', 'move_service'],
  },
  {
    kind: 'node-packet-loss',
    title: 'node loses packets',
    mechanism: 'packets of node {entity} are lost and sent again; all that runs on it answers slower',
    culprit: true,
    strikes: nodes,
    signature: [
      { where: 'self', shows: ['+network/retransmissions'], weight: 0.9, says: 'it sends many segments again', required: true },
    ],
    refutes: [],
    spreads: { toCallers: callers, toCallees: [], toNeighbours: [] },
    remedies: ['check_network_path', 'drain_node'],
  },
];

/** Kinds that cluster objects, events and node state show; told by resource checks. */
export const clusterFaults: readonly FaultKind[] = [
  ...mechanisms,
  ...degradations,
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
