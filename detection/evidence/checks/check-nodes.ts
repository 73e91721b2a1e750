import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady } from './cluster.ts';
import { listAt, textAt } from './fields.ts';

const agents: readonly { service: RegExp; kind: string; says: string }[] = [
  { service: /^kubelet$/, kind: 'kubelet-down', says: 'the kubelet' },
  { service: /^(containerd|docker|crio|cri-o)$/, kind: 'runtime-down', says: 'the container runtime' },
  { service: /^kube-proxy$/, kind: 'proxy-down', says: 'the service proxy' },
  { service: /^kube-scheduler$/, kind: 'scheduler-down', says: 'the scheduler' },
  {
    service: /^(kube-apiserver|kube-controller-manager|etcd)$/,
    kind: 'control-plane-down',
    says: 'a control-plane service',
  },
];

/** Nodes and what runs them: readiness, pressure, and the kubelet, runtime, proxy and scheduler by their service state, pods or events. */
export const checkNodes = createCheck(
  {
    name: 'nodes',
    rule: 'A node service is not active, its pod in kube-system does not run, or events of a node quote its socket as gone; a node is not ready or under pressure.',
    refutedBy:
      'The service is active again. A node that is not ready because its kubelet is down is told as the kubelet.',
  },
  (cluster) => {
    const stopped = [...services(cluster), ...systemPods(cluster), ...sockets(cluster)];
    const told = new Set(stopped.map(({ entity }) => entity));
    return [
      ...stopped,
      ...cluster.of('Node').flatMap((node) => conditions(node, told.has(entityIdOf('node', node.name)))),
    ];
  },
);

function services(cluster: Cluster): Failed[] {
  return cluster.of('NodeService').flatMap((one): Failed[] => {
    const active = textAt(one.object, 'active');
    const agent = agents.find(({ service }) => service.test(textAt(one.object, 'service')));
    if (agent === undefined || active === 'active' || active === 'reloading' || active === '') return [];
    const since = textAt(one.object, 'since');
    return [
      {
        entity: entityIdOf('node', textAt(one.object, 'node')),
        faultKind: agent.kind,
        statement: `${agent.says} of ${textAt(one.object, 'node')} is ${active}${since === '' ? '' : ` since ${since}`}`,
        severity: 0.95,
        objects: [one],
        ...(since === '' ? {} : { onset: since }),
      },
    ];
  });
}

/** The same services where they run as pods of the control plane. */
function systemPods(cluster: Cluster): Failed[] {
  return cluster.of('Pod').flatMap((pod): Failed[] => {
    if (pod.namespace !== 'kube-system' || isReady(pod)) return [];
    const agent = agents.find(({ service }) =>
      service.test(/^(kube-[a-z]+(?:-manager)?|etcd)/.exec(pod.name)?.[1] ?? ''),
    );
    const node = textAt(pod.object, 'spec', 'nodeName');
    if (agent === undefined || node === '') return [];
    return [
      {
        entity: entityIdOf('node', node),
        faultKind: agent.kind,
        statement: `${agent.says} of ${node} (pod ${pod.name}) is not ready`,
        severity: 0.85,
        objects: [pod],
      },
    ];
  });
}

/** A runtime whose socket is gone shows in the events of pods and of the node, even where nobody asked the node itself. */
function sockets(cluster: Cluster): Failed[] {
  if (cluster.of('NodeService').some(({ object }) => /^(containerd|docker|crio)$/.test(textAt(object, 'service'))))
    return [];
  return cluster.of('Event').flatMap((event): Failed[] => {
    const message = textAt(event.object, 'message');
    if (!/dial unix \S*(containerd|crio|docker)\S*: connect: (no such file|connection refused)/.test(message))
      return [];
    const about = textAt(event.object, 'involvedObject', 'name');
    const pod = cluster.get('Pod', about, event.namespace);
    const node =
      textAt(event.object, 'involvedObject', 'kind') === 'Node' ? about : textAt(pod?.object, 'spec', 'nodeName');
    if (node === '') return [];
    return [
      {
        entity: entityIdOf('node', node),
        faultKind: 'runtime-down',
        statement: `the container runtime of ${node} does not answer`,
        excerpt: message,
        severity: 0.9,
        objects: [event],
        ...onsetOf(event),
      },
    ];
  });
}

function conditions(node: Resource, told: boolean): Failed[] {
  return listAt(node.object, 'status', 'conditions').flatMap((one): Failed[] => {
    const type = textAt(one, 'type');
    const status = textAt(one, 'status');
    const entity = entityIdOf('node', node.name);
    const rest = { entity, excerpt: textAt(one, 'message'), objects: [node] };
    if (type === 'Ready' && status !== 'True' && status !== '')
      return [
        {
          ...rest,
          faultKind: 'node-not-ready',
          statement: `node ${node.name} is not ready`,
          severity: told ? 0.2 : 0.85,
        },
      ];
    if (type.endsWith('Pressure') && status === 'True')
      return [{ ...rest, faultKind: 'node-pressure', statement: `node ${node.name} reports ${type}`, severity: 0.8 }];
    return [];
  });
}
