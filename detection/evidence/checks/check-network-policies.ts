import { entityIdOf } from '../../../domain/entity.ts';
import { createCheck } from './check.ts';
import { listAt, recordAt, textAt } from './fields.ts';

/** Network policies that let nothing in to pods that others call. */
export const checkNetworkPolicies = createCheck(
  {
    name: 'network policies',
    rule: 'A policy selects the pods of a service and allows no ingress at all.',
    refutedBy: 'A connection test to the service succeeds, or nobody calls it.',
  },
  (cluster) =>
    cluster.of('NetworkPolicy').flatMap((policy) => {
      const types = listAt(policy.object, 'spec', 'policyTypes').map(String);
      if (!types.includes('Ingress') || listAt(policy.object, 'spec', 'ingress').length > 0) return [];
      const selector = recordAt(policy.object, 'spec', 'podSelector', 'matchLabels');
      const pods = cluster.podsWith(selector, policy.namespace);
      const apps = [...new Set(pods.map((one) => cluster.appOf(one)))];
      return apps.flatMap((app) => {
        const tests = cluster.of('ConnectionTest').filter(({ object }) => textAt(object, 'service') === app);
        if (tests.some(({ object }) => textAt(object, 'result') === 'open')) return [];
        return [
          {
            entity: entityIdOf('service', app),
            faultKind: 'network-policy-blocks',
            statement: `policy ${policy.name} lets nothing in to ${app}`,
            severity: tests.length === 0 ? 0.55 : 0.85,
            objects: [policy, ...tests],
          },
        ];
      });
    }),
);
