import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Candidate } from './candidates.ts';

/** Roles that tell that a party waits or fails, not why. */
const waiting = new Set(['latency', 'errors', 'traffic', 'network', 'database-latency', 'other', 'logs']);
/** Aspects of those roles that tell what a party does of itself. */
const ownDoing = new Set([
  'self-time',
  'error-origin',
  'shared-gap',
  'contribution',
  'lost-calls',
  'fan-out',
  'calls-per-request',
  'retry-ratio',
  'event-order',
]);
/** A gap that so many calls show is measured at both ends. */
const fewCalls = 16;

/**
 * The findings that show the mechanism of a candidate where it is said to be: a state that fails a check, a line that names it, a resource or
 * a doing of the accused itself, a connection that it refused, a way to it measured at both ends. That others wait for it or complain of it
 * is none, nor is a fall of what reaches it.
 */
export function observedMechanism({ entity, fault, seen }: Pick<Candidate, 'entity' | 'fault' | 'seen'>): Finding[] {
  const shown = seen.filter(({ clue }) => clue.required === true);
  return shown.flatMap(({ clue, findings }) =>
    findings.filter((finding) =>
      finding.entity === entity
        ? isOwn(finding, fault.kind)
        : clue.reasons !== undefined || isMeasuredGap(finding) || isAnsweredBadly(entity, finding),
    ),
  );
}

function isOwn(finding: Finding, kind: string): boolean {
  const { signal, data, direction } = finding;
  if (finding.kind === 'failed-check') return true;
  if (finding.faultKind === kind) return data?.['hintOf'] !== 'peer';
  const aspect = data?.['aspect'];
  if (typeof aspect === 'string' && ownDoing.has(aspect)) return true;
  // What a store measures of its own statements is its own.
  if (signal.role === 'database-latency') return finding.peer === undefined;
  if (signal.role === 'traffic') return direction === 'up' && kind === 'traffic-surge';
  return !waiting.has(signal.role);
}

/** An error that a party outside answers with is the nearest that one comes to seeing it fail. */
function isAnsweredBadly(entity: EntityId, { signal }: Finding): boolean {
  return entityKindOf(entity) === 'external' && signal.role === 'errors';
}

function isMeasuredGap({ signal, data }: Finding): boolean {
  return signal.role === 'network' && Number(data?.['spans'] ?? fewCalls) >= fewCalls;
}

/**
 * Whether all that speaks for a candidate is how long one single other party waits for it: that may as well lie at the other end. Two parties
 * that see it, anything that the accused shows itself, an error, a log line or a change end the doubt.
 */
export function isHearsay({ entity, seen, change }: Pick<Candidate, 'entity' | 'seen' | 'change'>): boolean {
  if (change !== undefined) return false;
  const findings = seen.flatMap((one) => one.findings);
  const others = new Set(findings.map((finding) => finding.entity));
  return (
    others.size === 1 &&
    !others.has(entity) &&
    findings.every(({ signal }) => ['latency', 'network', 'database-latency'].includes(signal.role)) &&
    !findings.some(({ signal, data }) => signal.role === 'network' && !(Number(data?.['spans'] ?? fewCalls) < fewCalls))
  );
}

/**
 * How many measurements that do not depend on each other speak for a candidate: by type, role and who shows it. A failed check counts as two,
 * as it sets one state that was read against another.
 */
export function independentSignals(findings: readonly Finding[]): number {
  const keys = new Set(findings.map(({ signal, entity }) => `${signal.type}/${signal.role}/${entity}`));
  return keys.size + Number(findings.some(({ kind }) => kind === 'failed-check'));
}
