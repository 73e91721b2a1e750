import type { EntityKind } from '../../domain/entity.ts';
import { checked, nodes, workloads } from './checked-fault.ts';
import type { FaultKind } from './fault-kind.ts';

const namespaces: readonly EntityKind[] = [...workloads, 'namespace'];
const configured = { remedies: ['set_configuration', 'roll_back_service'] };
const sized = { remedies: ['set_configuration', 'scale_nodes'] };
const quota = { strikes: namespaces, remedies: ['raise_quota'] };
const volumes = { strikes: [...workloads, 'volume' as const], remedies: ['set_configuration'] };
const agent = { strikes: nodes, remedies: ['restart_node_agent', 'drain_node'] };

/** Kinds that name the mechanism behind a pod that does not start, is not found or is refused. */
export const clusterMechanisms: readonly FaultKind[] = [
  checked(
    'image-not-found',
    'image does not exist',
    'the registry knows no such image or tag as {entity} names',
    configured,
  ),
  checked(
    'image-pull-denied',
    'image pull refused',
    'the registry refuses {entity}: its pull secret is missing or wrong',
    configured,
  ),
  checked(
    'registry-unresolvable',
    'registry does not resolve',
    'the name of the registry of {entity} does not resolve',
    configured,
  ),
  checked(
    'node-selector-mismatch',
    'no node has the labels',
    'no node has the labels that {entity} selects',
    configured,
  ),
  checked(
    'node-affinity-mismatch',
    'no node fits the affinity',
    'no node fits the required affinity of {entity}',
    configured,
  ),
  checked(
    'pod-anti-affinity-conflict',
    'anti-affinity conflict',
    'its anti-affinity keeps {entity} from every node',
    configured,
  ),
  checked(
    'taint-not-tolerated',
    'taint not tolerated',
    '{entity} does not tolerate the taint of the nodes that fit',
    configured,
  ),
  checked('nodes-cordoned', 'fitting nodes cordoned', 'the nodes that fit {entity} are cordoned', {
    remedies: ['uncordon_node'],
  }),
  checked('insufficient-cpu', 'not enough CPU on any node', '{entity} requests more CPU than any node has left', sized),
  checked(
    'insufficient-memory',
    'not enough memory on any node',
    '{entity} requests more memory than any node has left',
    sized,
  ),
  checked('cpu-quota-exceeded', 'CPU quota spent', 'the CPU quota of namespace {entity} is spent', quota),
  checked('memory-quota-exceeded', 'memory quota spent', 'the memory quota of namespace {entity} is spent', quota),
  checked('pod-quota-exceeded', 'pod quota spent', 'the pod quota of namespace {entity} is spent', quota),
  checked('service-quota-exceeded', 'service quota spent', 'the service quota of namespace {entity} is spent', quota),
  checked('storage-quota-exceeded', 'storage quota spent', 'the storage quota of namespace {entity} is spent', quota),
  checked(
    'claim-class-mismatch',
    'storage class does not fit',
    'the claim of {entity} asks for a storage class that no volume has',
    volumes,
  ),
  checked(
    'claim-capacity-mismatch',
    'claim larger than the volume',
    'the claim of {entity} asks for more than the volume holds',
    volumes,
  ),
  checked(
    'claim-access-mode-mismatch',
    'access mode does not fit',
    'the claim of {entity} asks for an access mode that the volume lacks',
    volumes,
  ),
  checked(
    'claim-selector-mismatch',
    'claim selects no volume',
    'the claim of {entity} selects labels that no volume carries',
    volumes,
  ),
  checked(
    'volume-already-bound',
    'volume belongs to another claim',
    'the volume that {entity} needs belongs to another claim',
    volumes,
  ),
  checked(
    'volume-permission-denied',
    'no right to the volume',
    '{entity} has no right to write where it must',
    volumes,
  ),
  checked(
    'liveness-probe-wrong-port',
    'liveness probe on a wrong port',
    'the liveness probe of {entity} asks a port on which nothing listens',
    configured,
  ),
  checked(
    'liveness-probe-wrong-protocol',
    'liveness probe of a wrong protocol',
    'the liveness probe of {entity} speaks another protocol than its port',
    configured,
  ),
  checked(
    'liveness-probe-too-eager',
    'liveness probe too eager',
    'the liveness probe of {entity} kills it before a start is over',
    configured,
  ),
  checked(
    'readiness-probe-wrong-port',
    'readiness probe on a wrong port',
    'the readiness probe of {entity} asks a port on which nothing listens',
    configured,
  ),
  checked(
    'readiness-probe-wrong-protocol',
    'readiness probe of a wrong protocol',
    'the readiness probe of {entity} speaks another protocol than its port',
    configured,
  ),
  checked(
    'protocol-mismatch',
    'service of a wrong protocol',
    'the service of {entity} offers another protocol than its pods',
    configured,
  ),
  checked(
    'wrong-database-address',
    'wrong address of the database',
    '{entity} calls its database at an address or port that it does not have',
    configured,
  ),
  checked('database-read-only', 'database is read only', '{entity} refuses writes', {
    remedies: ['set_configuration', 'restart_service'],
  }),
  checked('control-plane-down', 'control plane down', 'a control-plane service of {entity} does not run', agent),
  checked('job-failed', 'job failed', 'a job of {entity} failed or is not started', configured),
  checked('autoscaler-stuck', 'autoscaler cannot scale', 'the autoscaler of {entity} cannot follow the load', sized),
  checked(
    'disruption-blocked',
    'disruption budget not met',
    'too few pods of {entity} are healthy for its budget',
    sized,
  ),
  checked(
    'object-not-accepted',
    'object not accepted',
    'the controller of {entity} reports it as not accepted or not ready',
    configured,
  ),
];
