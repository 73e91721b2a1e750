import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { listAt, recordAt, textAt } from './fields.ts';
import { fitsAffinity, fitsSelector, untoleratedTaints } from './fits-node.ts';

/** Pods that no node takes: which of selector, affinity, cordon, taints, capacity and anti-affinity keeps them away. */
export const checkScheduling = createCheck(
  {
    name: 'scheduling',
    rule: 'A pod is pending because the scheduler found no node. The nodes that its selector and affinity allow are asked one by one what keeps the pod away; what stops most of them is the reason.',
    refutedBy: 'The pod has a node, waits for a claim, or was never looked at by a scheduler.',
  },
  (cluster) => {
    const failed = new Map<string, Failed>();
    for (const pod of cluster.of('Pod')) {
      const one = unscheduled(cluster, pod);
      if (one !== undefined && !failed.has(`${one.entity}|${one.faultKind}`))
        failed.set(`${one.entity}|${one.faultKind}`, one);
    }
    return [...failed.values()];
  },
);

function unscheduled(cluster: Cluster, pod: Resource): Failed | undefined {
  const refusal = listAt(pod.object, 'status', 'conditions').find(
    (one) => textAt(one, 'type') === 'PodScheduled' && textAt(one, 'status') === 'False',
  );
  if (textAt(pod.object, 'spec', 'nodeName') !== '') return undefined;
  const event = cluster.eventsOf(pod).findLast(({ object }) => textAt(object, 'reason') === 'FailedScheduling');
  const message = textAt(event?.object, 'message') || textAt(refusal, 'message');
  if (message === '' || /unbound immediate|persistentvolumeclaim .* not found|persistent volumes/i.test(message))
    return undefined;
  const app = cluster.appOf(pod);
  const spec = specOf(cluster, pod, app);
  const reason = reasonOf(cluster.of('Node'), spec, message);
  return {
    entity: entityIdOf('service', app),
    faultKind: reason.kind,
    statement: `${pod.name} cannot be scheduled: ${reason.says}`,
    excerpt: message,
    severity: reason.kind === 'unschedulable' ? 0.4 : 0.9,
    objects: [pod, ...reason.nodes, ...(event === undefined ? [] : [event])],
    ...onsetOf(event),
  };
}

/** The pod's spec; affinity, which command lines do not print, from its workload. */
function specOf(cluster: Cluster, pod: Resource, app: string): unknown {
  const workload = cluster.workloadsOf(app)[0];
  const template = memberOf(workload?.object, 'spec', 'template', 'spec');
  const own = memberOf(pod.object, 'spec');
  return {
    ...(typeof template === 'object' ? template : {}),
    ...(typeof own === 'object' ? own : {}),
    affinity: memberOf(own, 'affinity') ?? memberOf(template, 'affinity'),
  };
}

interface Reason {
  kind: string;
  says: string;
  nodes: readonly Resource[];
}

function reasonOf(nodes: readonly Resource[], spec: unknown, message: string): Reason {
  const selector = recordAt(spec, 'nodeSelector');
  const selected = nodes.filter((node) => !isSetAside(node) && fitsSelector(node, spec));
  const allowed = selected.filter((node) => fitsAffinity(node, spec));
  const misses = /didn't match Pod's node affinity\/selector|didn't match node selector/.test(message);
  if (misses && nodes.length > 0 && selected.length === 0)
    return { kind: 'node-selector-mismatch', says: `no node has the labels ${labelText(selector)}`, nodes: [] };
  if (misses && nodes.length > 0 && allowed.length === 0) return unfit;
  // Only the nodes that neither selector nor affinity ruled out were asked further.
  const cordoned = allowed.filter((node) => memberOf(node.object, 'spec', 'unschedulable') === true);
  const counts = countsOf(message);
  // Taints of this prefix are set by the node controller: the state of the node is the fault, and is told by the node.
  if (/untolerated taint \{node\.kubernetes\.io\/(?!unschedulable)/.test(message))
    return { kind: 'unschedulable', says: 'the nodes that fit are not well', nodes: [] };
  if (misses && counts.cordon > 0 && cordoned.length === allowed.length && cordoned.length > 0)
    return { kind: 'nodes-cordoned', says: `the nodes that fit are cordoned (${names(cordoned)})`, nodes: cordoned };
  const crowded = crowdedReason(counts, message);
  if (crowded !== undefined) {
    const tainted = allowed.filter((node) => !cordoned.includes(node) && untoleratedTaints(node, spec).length > 0);
    return { ...crowded, nodes: crowded.kind === 'taint-not-tolerated' ? tainted : [] };
  }
  if (misses && Object.keys(selector).length === 0) return unfit;
  if (counts.cordon > 0) return { kind: 'nodes-cordoned', says: 'the nodes that fit are cordoned', nodes: cordoned };
  return { kind: 'unschedulable', says: 'no node fits', nodes: [] };
}

const unfit: Reason = { kind: 'node-affinity-mismatch', says: 'no node fits its required affinity', nodes: [] };

/** What keeps the pod from nodes that would fit: taints, capacity, neighbours; whichever stops most. */
function crowdedReason(counts: ReturnType<typeof countsOf>, message: string): Omit<Reason, 'nodes'> | undefined {
  const reasons = [
    {
      count: counts.taint,
      kind: 'taint-not-tolerated',
      says: `it does not tolerate the taint ${/untolerated taint \{([^}]*)\}/.exec(message)?.[1] ?? ''} of the nodes that fit`,
    },
    { count: counts.cpu, kind: 'insufficient-cpu', says: 'no node has the CPU that it requests' },
    { count: counts.memory, kind: 'insufficient-memory', says: 'no node has the memory that it requests' },
    {
      count: counts.antiAffinity,
      kind: 'pod-anti-affinity-conflict',
      says: 'its anti-affinity keeps it from every node that is left',
    },
  ];
  const [most] = reasons.filter(({ count }) => count > 0).sort((left, right) => right.count - left.count);
  return most === undefined ? undefined : { kind: most.kind, says: most.says };
}

/** A control-plane node that is cordoned or tainted is meant to take no work: no pod waits for it. */
function isSetAside(node: Resource): boolean {
  const labels = recordAt(node.object, 'metadata', 'labels');
  const rules =
    labels['kubernetes.io/role'] === 'master' ||
    ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'].some(
      (key) => labels[key] !== undefined,
    );
  return rules && (memberOf(node.object, 'spec', 'unschedulable') === true || untoleratedTaints(node, {}).length > 0);
}

function countsOf(message: string): {
  cordon: number;
  taint: number;
  cpu: number;
  memory: number;
  antiAffinity: number;
} {
  const about = message.split('preemption:')[0] ?? '';
  const count = (pattern: RegExp): number =>
    [...about.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  return {
    cordon: count(/(\d+) node\(s\) were unschedulable/g),
    taint: count(/(\d+) node\(s\) had (?:untolerated )?taint/g),
    cpu: count(/(\d+) Insufficient cpu/g),
    memory: count(/(\d+) Insufficient memory/g),
    antiAffinity: count(/(\d+) node\(s\) didn't (?:match|satisfy) (?:existing pods |pod )?anti-affinity/g),
  };
}

function labelText(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

function names(nodes: readonly Resource[]): string {
  return nodes.map(({ name }) => name).join(', ');
}
