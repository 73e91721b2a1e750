import { entityIdOf } from '../../../domain/entity.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { podSpecOf } from './cluster.ts';
import { listAt, numberAt, recordAt, textAt } from './fields.ts';
import type { Resource } from '../../../domain/signal.ts';

/** Autoscalers that cannot scale, and disruption budgets that let nobody go. */
export const checkAutoscalers = createCheck(
  {
    name: 'autoscalers',
    rule: 'The target of an autoscaler exists and its containers request what the autoscaler measures; its conditions AbleToScale and ScalingActive hold; it is below its most replicas. A disruption budget has the healthy pods that it wants.',
    refutedBy: 'Load is low: an autoscaler that cannot scale does no harm then.',
  },
  (cluster) => [...cluster.of('HorizontalPodAutoscaler').flatMap((one) => stuck(cluster, one)), ...budgets(cluster)],
);

function stuck(cluster: Cluster, autoscaler: Resource): Failed[] {
  const name = textAt(autoscaler.object, 'spec', 'scaleTargetRef', 'name');
  const kind = textAt(autoscaler.object, 'spec', 'scaleTargetRef', 'kind');
  const target = cluster.get(kind, name, autoscaler.namespace);
  const told = (says: string, severity: number, excerpt = ''): Failed[] => [
    {
      entity: entityIdOf('service', target === undefined ? name : cluster.appOf(target)),
      faultKind: 'autoscaler-stuck',
      statement: `autoscaler ${autoscaler.name} ${says}`,
      excerpt,
      severity,
      objects: [autoscaler, ...(target === undefined ? [] : [target])],
    },
  ];
  if (target === undefined)
    return cluster.of(kind).length === 0 ? [] : told(`scales ${kind} ${name}, which does not exist`, 0.7);
  const broken = listAt(autoscaler.object, 'status', 'conditions').find(
    (one) => /^(AbleToScale|ScalingActive)$/.test(textAt(one, 'type')) && textAt(one, 'status') === 'False',
  );
  if (broken !== undefined) {
    const bare = listAt(podSpecOf(target), 'containers').some(
      (container) => Object.keys(recordAt(container, 'resources', 'requests')).length === 0,
    );
    return told(
      `cannot scale${bare ? ': containers request nothing to measure by' : ''}`,
      0.65,
      textAt(broken, 'message'),
    );
  }
  const most = numberAt(autoscaler.object, 'spec', 'maxReplicas');
  const now = numberAt(autoscaler.object, 'status', 'currentReplicas');
  return most !== undefined && now !== undefined && now >= most && most > 1
    ? told(`is at its ${most} replicas`, 0.4)
    : [];
}

function budgets(cluster: Cluster): Failed[] {
  return cluster.of('PodDisruptionBudget').flatMap((budget): Failed[] => {
    const wanted = numberAt(budget.object, 'status', 'desiredHealthy') ?? 0;
    const healthy = numberAt(budget.object, 'status', 'currentHealthy') ?? wanted;
    if (healthy >= wanted) return [];
    const pod = cluster.podsWith(recordAt(budget.object, 'spec', 'selector', 'matchLabels'), budget.namespace)[0];
    return [
      {
        entity: entityIdOf('service', pod === undefined ? budget.name : cluster.appOf(pod)),
        faultKind: 'disruption-blocked',
        statement: `disruption budget ${budget.name} wants ${wanted} healthy pods and has ${healthy}: no node can be drained`,
        severity: 0.35,
        objects: [budget],
      },
    ];
  });
}
