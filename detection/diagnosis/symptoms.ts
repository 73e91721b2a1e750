import type { Symptom } from '../../domain/diagnosis.ts';
import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Board } from './board.ts';

/** The least severity of a departure that people would complain about. */
export const leastSymptom = 0.3;
/** The same for a wait on the way, which only the caller measures: as much as the watch wakes somebody for. */
const seriousWait = 0.6;

/** Departures that users feel: latency and errors served, parties that stopped answering, queues that age, requests that no longer come. Most severe first. */
export function findSymptoms(board: Board, focus: readonly EntityId[]): Finding[] {
  const felt = board.findings.filter(
    (finding) => isFelt(finding) && finding.severity >= (focus.includes(finding.entity) ? 0.2 : leastSymptom),
  );
  return felt.sort(
    (left, right) => weightOf(board, right, focus) - weightOf(board, left, focus) || (left.id < right.id ? -1 : 1),
  );
}

function isFelt(finding: Finding): boolean {
  // What an alert complains of is a symptom, whatever it measures, but for what it has complained of for days.
  if (finding.data?.['alert'] !== undefined) return finding.data['always'] === undefined;
  if (finding.kind === 'failed-check') return true;
  if (finding.kind === 'edge-shift') return isLongWait(finding);
  // Requests at an entry that became slow: what users feel, where only spans tell.
  if (finding.data?.['aspect'] === 'request-time') return true;
  return finding.kind === 'anomaly' && (isSilence(finding) || isServedBadly(finding));
}

/** A call that waits long before it is served, as its caller measures it: the callee's own latency cannot show it. */
function isLongWait({ direction, severity }: Finding): boolean {
  return direction === 'up' && severity >= seriousWait;
}

function isSilence({ direction, signal, entity, peer, data }: Finding): boolean {
  if (direction === 'gone') return entityKindOf(entity) !== 'host';
  if (direction === 'down')
    return (
      signal.role === 'availability' || (peer === undefined && signal.role === 'traffic' && data?.['aspect'] === 'rate')
    );
  return false;
}

function isServedBadly({ direction, signal, peer, data }: Finding): boolean {
  if (direction !== 'up') return false;
  if (signal.role === 'queue') return data?.['aspect'] === 'level' || data?.['aspect'] === 'age';
  if (peer !== undefined && entityKindOf(peer) !== 'external') return false;
  return signal.role === 'latency' || signal.role === 'errors';
}

function weightOf(board: Board, finding: Finding, focus: readonly EntityId[]): number {
  const first = board.dependents(finding.entity).length === 0 ? 0.15 : 0;
  return finding.severity + first + (focus.includes(finding.entity) ? 0.5 : 0);
}

/** Symptoms as the report shows them, one per entity and role, at most twelve. */
export function symptomsOf(findings: readonly Finding[]): Symptom[] {
  const kept = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.entity}|${finding.signal.role}`;
    if (!kept.has(key)) kept.set(key, finding);
  }
  return [...kept.values()].slice(0, 12).map(({ entity, signal, onset, until, statement, evidence }) => ({
    entity,
    signal,
    ...(onset === undefined ? {} : { onset }),
    ...(until === undefined ? {} : { until }),
    statement,
    evidence,
  }));
}
