import { entityIdOf } from '../../../domain/entity.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import { listAt, textAt } from './fields.ts';

/** Kinds whose controllers report by conditions: gateways and their routes, operators and their catalogues, admission policies, claims of clusters. */
const kinds =
  'Gateway GatewayClass HTTPRoute GRPCRoute Certificate ClusterCatalog ClusterExtension ClusterServiceVersion Subscription InstallPlan CatalogSource OperatorGroup ValidatingAdmissionPolicy APIService Kustomization HelmRelease'.split(
    ' ',
  );
const shouldHold = new Set(
  'Accepted Programmed ResolvedRefs Ready Available Installed Serving Healthy Established'.split(' '),
);

/** Objects that their own controller reports as not accepted, not ready or failed. */
export const checkConditions = createCheck(
  {
    name: 'conditions',
    rule: 'A condition that should hold (Accepted, Programmed, ResolvedRefs, Ready, Available, Installed, ...) is False, or the phase is Failed.',
    refutedBy: 'The generation observed by the controller is older than the object.',
  },
  (cluster) =>
    kinds.flatMap((kind) =>
      cluster.of(kind).flatMap((resource): Failed[] => {
        const conditions = [
          ...listAt(resource.object, 'status', 'conditions'),
          ...listAt(resource.object, 'status', 'parents').flatMap((parent) => listAt(parent, 'conditions')),
        ];
        const broken = conditions.find(
          (one) => shouldHold.has(textAt(one, 'type')) && textAt(one, 'status') === 'False',
        );
        const phase = textAt(resource.object, 'status', 'phase');
        if (broken === undefined && phase !== 'Failed') return [];
        const isRoute = /Route$|^Gateway/.test(kind);
        return [
          {
            entity: entityIdOf(isRoute ? 'gateway' : 'other', resource.name, resource.namespace),
            faultKind: isRoute ? 'route-misconfigured' : 'object-not-accepted',
            statement: `${kind} ${resource.name} is ${broken === undefined ? 'failed' : `not ${textAt(broken, 'type')}`}${textAt(broken, 'reason') === '' ? '' : ` (${textAt(broken, 'reason')})`}`,
            excerpt: textAt(broken, 'message') || textAt(resource.object, 'status', 'message'),
            severity: 0.6,
            objects: [resource],
          },
        ];
      }),
    ),
);
