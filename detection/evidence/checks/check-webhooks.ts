import { entityIdOf } from '../../../domain/entity.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import { isReady } from './cluster.ts';
import { listAt, recordAt, textAt } from './fields.ts';

/** Admission webhooks that nobody answers: with the policy Fail they refuse every object that they match. */
export const checkWebhooks = createCheck(
  {
    name: 'webhooks',
    rule: 'The service behind an admission webhook exists and has a ready pod.',
    refutedBy: 'The failure policy is Ignore, or the webhook is outside the cluster.',
  },
  (cluster) =>
    ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].flatMap((kind) =>
      cluster.of(kind).flatMap((configuration) =>
        listAt(configuration.object, 'webhooks').flatMap((webhook): Failed[] => {
          const name = textAt(webhook, 'clientConfig', 'service', 'name');
          const namespace = textAt(webhook, 'clientConfig', 'service', 'namespace');
          if (name === '' || textAt(webhook, 'failurePolicy') === 'Ignore') return [];
          // Objects of other namespaces may not have been read.
          if (!cluster.of('Service').some((one) => one.namespace === namespace)) return [];
          const service = cluster.get('Service', name, namespace);
          const pods =
            service === undefined ? [] : cluster.podsWith(recordAt(service.object, 'spec', 'selector'), namespace);
          if (service !== undefined && pods.some(isReady)) return [];
          return [
            {
              entity: entityIdOf('service', name),
              faultKind: 'admission-refused',
              statement: `webhook ${textAt(webhook, 'name')} calls ${name}, which ${service === undefined ? 'does not exist' : 'has no ready pod'}, and refuses what it matches`,
              severity: 0.75,
              objects: [configuration, ...(service === undefined ? [] : [service])],
            },
          ];
        }),
      ),
    ),
);
