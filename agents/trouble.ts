import type { Finding } from '../domain/finding.ts';

/** Whether a finding is a sign of trouble: a change, and that another version runs, is news, and no departure from normal by itself. */
export function isTrouble({ kind, signal }: Pick<Finding, 'kind' | 'signal'>): boolean {
  return kind !== 'change' && signal.role !== 'version';
}
