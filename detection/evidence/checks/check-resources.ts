import type { Finding } from '../../../domain/finding.ts';
import type { LogRecord, Resource } from '../../../domain/signal.ts';
import { resourceChecks } from './checks.ts';
import { createCluster } from './cluster.ts';

/**
 * Runs every family of checks over cluster objects, events and, where given, error logs of the applications. Each finding cites its objects,
 * names a kind of the catalogue, and carries the rule and what would refute it. Most severe first, each once. Never throws on odd objects.
 */
export function checkResources(resources: readonly Resource[], logs: readonly LogRecord[] = []): Finding[] {
  const cluster = createCluster(resources, logs);
  const findings = new Map<string, Finding>();
  for (const check of resourceChecks) for (const finding of check.run(cluster)) findings.set(finding.id, finding);
  return [...findings.values()].sort((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1));
}
