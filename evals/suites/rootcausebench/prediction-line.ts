import type { Diagnosis, Hypothesis } from '../../../domain/diagnosis.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import { msOf } from '../../../infra/runtime/clock.ts';
import type { Case } from './read-case.ts';

/** A diagnosis in the benchmark's published words. Nothing claimed reads as no commit, the complained-about service first. */
export function predictionLine(diagnosis: Diagnosis | undefined, found: Case): Record<string, unknown> {
  const claims = diagnosis?.verdict === 'cause' || diagnosis?.verdict === 'external';
  const top = claims ? diagnosis.hypotheses[0] : undefined;
  const commits = new Map(
    found.data.changes.filter(({ kind }) => kind === 'commit').map(({ id, files }) => [id, files ?? []]),
  );
  const blamed = top?.culprit === true && commits.has(top.change ?? '') ? top.change : undefined;
  return {
    root_cause_commit: blamed ?? 'none',
    ...sufferersOf(diagnosis, top, found),
    remediation: remediationOf(top, blamed === undefined ? undefined : (commits.get(blamed) ?? []), found.data),
    verdict: diagnosis?.verdict ?? 'failed',
    grade: top?.certificate.grade,
    confidence: diagnosis?.confidence ?? 0,
    fault: top?.faultKind,
  };
}

function sufferersOf(
  diagnosis: Diagnosis | undefined,
  top: Hypothesis | undefined,
  { data, alert }: Case,
): { first_failing_service: string; blast_radius: string[] } {
  const services = new Set(data.metrics.map(({ entity }) => entity).filter((id) => entityKindOf(id) === 'service'));
  const felt = (diagnosis?.symptoms ?? [])
    .filter(({ entity }) => services.has(entity))
    .toSorted((left, right) => timeOf(left.onset) - timeOf(right.onset));
  const first = firstFailing(top, felt, { services, asked: alert.service });
  const radius = [...new Set([...(diagnosis?.blastRadius ?? []), ...felt.map(({ entity }) => entity)])]
    .filter((id) => entityKindOf(id) === 'service' && entityNameOf(id) !== first)
    .map(entityNameOf)
    .sort();
  return { first_failing_service: first, blast_radius: radius };
}

/** The blamed service where a service is blamed; else the one that was complained about, if it suffers, or the first that does. */
function firstFailing(
  top: Hypothesis | undefined,
  felt: Diagnosis['symptoms'],
  { services, asked }: { services: ReadonlySet<string>; asked: string },
): string {
  if (top !== undefined && services.has(top.entity)) return entityNameOf(top.entity);
  const suffers = felt.some(({ entity }) => entityNameOf(entity) === asked);
  return suffers || felt[0] === undefined ? asked : entityNameOf(felt[0].entity);
}

function timeOf(onset: string | undefined): number {
  return onset === undefined ? Number.POSITIVE_INFINITY : msOf(onset);
}

const settingsFile = /\.(ya?ml|toml|json|ini|env|properties|conf|mod|sum|lock|tfvars)$|(^|\/)(config|values)\b/i;

/** The vocabulary of remediations, by what is blamed where no commit is. */
const remediations: Readonly<Record<string, string>> = {
  'traffic-surge': 'scale',
  'cpu-saturation': 'scale',
  'out-of-memory': 'scale',
  'connection-limit': 'scale',
  'disk-full': 'scale',
  'noisy-neighbour': 'reschedule',
  'node-not-ready': 'reschedule',
  'node-pressure': 'reschedule',
  'kubelet-down': 'reschedule',
  'certificate-expired': 'rotate-cert',
  'bad-data': 'purge-bad-data',
  'dns-failure': 'escalate-upstream',
};

function remediationOf(top: Hypothesis | undefined, files: readonly string[] | undefined, data: Case['data']): string {
  if (files !== undefined)
    return files.length > 0 && files.every((file) => settingsFile.test(file)) ? 'config-revert' : 'rollback';
  if (top?.faultKind !== 'provider-outage') return remediations[top?.faultKind ?? ''] ?? 'rollback';
  const healthyRegion = data.changes.some(
    ({ kind, labels }) =>
      kind === 'infrastructure' &&
      labels?.['region'] !== undefined &&
      /normal|operational/.test(labels['status'] ?? ''),
  );
  return healthyRegion ? 'failover' : 'escalate-upstream';
}
