import { entityIdOf } from '../../../domain/entity.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import { listAt, textAt } from './fields.ts';

/** Jobs that gave up, and schedules that start none. */
export const checkJobs = createCheck(
  {
    name: 'jobs',
    rule: 'A job has the condition Failed; a cron job is suspended or its schedule has not five fields.',
    refutedBy: 'A later run of the same cron job succeeded, or it is suspended on purpose.',
  },
  (cluster) => [...failedJobs(cluster), ...idleSchedules(cluster)],
);

function failedJobs(cluster: Cluster): Failed[] {
  return cluster.of('Job').flatMap((job): Failed[] => {
    const failure = listAt(job.object, 'status', 'conditions').find(
      (one) => textAt(one, 'type') === 'Failed' && textAt(one, 'status') === 'True',
    );
    if (failure === undefined) return [];
    const owner = listAt(job.object, 'metadata', 'ownerReferences').map((one) => textAt(one, 'name'))[0];
    const later = cluster
      .of('Job')
      .some(
        (other) =>
          other !== job &&
          owner !== undefined &&
          listAt(other.object, 'metadata', 'ownerReferences').some((one) => textAt(one, 'name') === owner) &&
          textAt(other.object, 'status', 'completionTime') > textAt(failure, 'lastTransitionTime'),
      );
    if (later) return [];
    return [
      {
        entity: entityIdOf('service', owner ?? cluster.appOf(job)),
        faultKind: 'job-failed',
        statement: `job ${job.name} failed (${textAt(failure, 'reason') || 'no reason told'})`,
        excerpt: textAt(failure, 'message'),
        severity: 0.7,
        objects: [job],
      },
    ];
  });
}

function idleSchedules(cluster: Cluster): Failed[] {
  return cluster.of('CronJob').flatMap((cron): Failed[] => {
    const schedule = textAt(cron.object, 'spec', 'schedule').trim();
    const isOdd = schedule !== '' && !schedule.startsWith('@') && schedule.split(/\s+/).length !== 5;
    if (!isOdd && memberOf(cron.object, 'spec', 'suspend') !== true) return [];
    return [
      {
        entity: entityIdOf('service', cron.name),
        faultKind: 'job-failed',
        statement: isOdd ? `cron job ${cron.name} has no valid schedule` : `cron job ${cron.name} is suspended`,
        severity: isOdd ? 0.7 : 0.3,
        objects: [cron],
      },
    ];
  });
}
