import { entityIdOf } from '../../../domain/entity.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady, podSpecOf } from './cluster.ts';
import { listAt, textAt } from './fields.ts';

/** Pods that ask a name server which does not know the cluster, and a cluster DNS that is down. */
export const checkResolution = createCheck(
  {
    name: 'resolution',
    rule: 'A pod that brings its own DNS settings must name the name server of the cluster; the cluster name server must have a ready pod.',
    refutedBy: 'The name server is that of the cluster, or the pod is ready and nothing that it calls is missed.',
  },
  (cluster) => [...ownServers(cluster), ...clusterServer(cluster)],
);

function ownServers(cluster: Cluster): Failed[] {
  const known = cluster
    .of('Service')
    .filter(({ name }) => /dns/.test(name))
    .map(({ object }) => textAt(object, 'spec', 'clusterIP'));
  return cluster.workloads.flatMap((workload): Failed[] => {
    const spec = podSpecOf(workload);
    const servers = listAt(spec, 'dnsConfig', 'nameservers').map(String);
    const policy = textAt(spec, 'dnsPolicy');
    if (policy !== 'None' && !(policy === 'Default' && textAt(spec, 'hostNetwork') === '')) return [];
    if (servers.some((server) => known.includes(server) || server.startsWith('169.254.'))) return [];
    const app = cluster.appOf(workload);
    const well = cluster.podsOf(app).length > 0 && cluster.podsOf(app).every(isReady);
    return [
      {
        entity: entityIdOf('service', app),
        faultKind: 'dns-failure',
        statement: `${app} asks ${servers.length === 0 ? 'the name server of its node' : servers.join(', ')} for names, not the cluster`,
        severity: well ? 0.5 : 0.92,
        objects: [workload],
      },
    ];
  });
}

function clusterServer(cluster: Cluster): Failed[] {
  const pods = cluster
    .of('Pod')
    .filter(({ name, namespace }) => namespace === 'kube-system' && /^(coredns|kube-dns)/.test(name));
  if (pods.length === 0 || pods.some(isReady)) return [];
  return [
    {
      entity: entityIdOf('service', cluster.appOf(pods[0]!)),
      faultKind: 'dns-failure',
      statement: 'no name server of the cluster is ready',
      severity: 0.9,
      objects: pods,
    },
  ];
}
