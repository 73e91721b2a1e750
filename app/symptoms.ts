import type { Finding } from '../domain/finding.ts';

/** Users feel these; the rest explains. */
const symptomRoles = new Set(['latency', 'errors', 'availability', 'queue', 'restarts']);
const serious = 0.6;

/** Whether a finding is about what users feel. */
export function isSymptom({ signal }: Finding): boolean {
  return symptomRoles.has(signal.role);
}

/** Whether a departure goes the way that hurts: less is worse of what says that a thing is up, and of what is left below a limit. */
export function hurts({ direction, data }: Finding): boolean {
  return direction !== 'down' || data?.['aspect'] === 'up' || data?.['aspect'] === 'left';
}

/**
 * Whether a departure is one that people would feel: a serious symptom, in the direction that hurts, that its series has not often shown before
 * (`data.ordinary`: the minutes before were calmer, all that came before was not).
 */
export function isSerious(finding: Finding): boolean {
  return isSymptom(finding) && finding.severity >= serious && hurts(finding) && finding.data?.['ordinary'] !== true;
}

/** The departures that people would feel, the earliest first. */
export function symptomsOf(findings: readonly Finding[]): Finding[] {
  return findings.filter(isSerious).toSorted(byOnset);
}

/** The earliest first, and before it what does not know when it began. */
export function byOnset(left: Finding, right: Finding): number {
  return (left.onset ?? '').localeCompare(right.onset ?? '');
}
