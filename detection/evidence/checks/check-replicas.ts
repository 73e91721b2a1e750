import { entityIdOf } from '../../../domain/entity.ts';
import { createCheck } from './check.ts';
import { numberAt } from './fields.ts';

/** Workloads that are scaled to nothing. */
export const checkReplicas = createCheck(
  {
    name: 'replicas',
    rule: 'A deployment or stateful set wants no replicas while it still exists.',
    refutedBy: 'Somebody scales it up again, or nobody calls it.',
  },
  (cluster) =>
    ['Deployment', 'StatefulSet'].flatMap((kind) =>
      cluster
        .of(kind)
        .filter(({ object }) => numberAt(object, 'spec', 'replicas') === 0)
        .map((workload) => ({
          entity: entityIdOf('service', cluster.appOf(workload)),
          faultKind: 'zero-replicas',
          statement: `${workload.name} is scaled to no replicas`,
          severity: 0.9,
          objects: [workload],
        })),
    ),
);
