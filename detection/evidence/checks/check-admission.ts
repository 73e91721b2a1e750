import { entityIdOf } from '../../../domain/entity.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady, podSpecOf } from './cluster.ts';
import { textAt } from './fields.ts';

/** Pods that are refused before they exist: a service account that is not there, an admission rule, a limit range. */
export const checkAdmission = createCheck(
  {
    name: 'admission',
    rule: 'A controller cannot create pods because they are forbidden (not for a quota), or a workload without pods names a service account that does not exist.',
    refutedBy: 'The workload has ready pods by now, or the account exists.',
  },
  (cluster) => [...refused(cluster), ...withoutAccount(cluster)],
);

function refused(cluster: Cluster): Failed[] {
  return cluster.of('Event').flatMap((event): Failed[] => {
    const message = textAt(event.object, 'message');
    if (textAt(event.object, 'reason') !== 'FailedCreate' || message.includes('exceeded quota')) return [];
    const app = cluster.appOfEvent(event);
    if (app === undefined || cluster.podsOf(app).some(isReady) || cluster.podsOf(app).length > 0) return [];
    const account = /service ?account "?([\w./-]+)"?:? .*not found/.exec(message)?.[1];
    if (account === undefined && !/forbidden|denied|admission/i.test(message)) return [];
    const name = account?.split('/').at(-1);
    // Controllers often run ahead of the account and try again.
    if (name !== undefined && cluster.get('ServiceAccount', name, event.namespace) !== undefined) return [];
    return [
      {
        entity: entityIdOf('service', app),
        faultKind: account === undefined ? 'admission-refused' : 'service-account-missing',
        statement:
          account === undefined
            ? `pods of ${app} are refused at admission`
            : `pods of ${app} need service account ${account}, which does not exist`,
        excerpt: message,
        severity: 0.9,
        objects: [event],
        ...onsetOf(event),
      },
    ];
  });
}

function withoutAccount(cluster: Cluster): Failed[] {
  if (cluster.of('ServiceAccount').length === 0) return [];
  return cluster.of('Deployment').flatMap((workload): Failed[] => {
    const account = textAt(podSpecOf(workload), 'serviceAccountName');
    const app = cluster.appOf(workload);
    if (account === '' || account === 'default' || cluster.podsOf(app).length > 0) return [];
    if (cluster.get('ServiceAccount', account, workload.namespace) !== undefined) return [];
    return [
      {
        entity: entityIdOf('service', app),
        faultKind: 'service-account-missing',
        statement: `${workload.name} runs as service account ${account}, which does not exist, and has no pods`,
        severity: 0.9,
        objects: [workload],
      },
    ];
  });
}
