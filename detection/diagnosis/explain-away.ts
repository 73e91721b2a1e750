import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { clamp, sum } from '../evidence/signals/robust-statistics.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';
import type { FaultKind } from '../faults/fault-kind.ts';

/** How much of one candidate another explains, and which. */
export interface Explained {
  by: Candidate;
  share: number;
}

/** Kinds that logs name when their writer only waits for another. */
const secondHand = new Set(['pool-exhaustion', 'dependency-down', 'slow-query']);

type Brought = Pick<Finding, 'entity' | 'peer' | 'signal' | 'data' | 'faultKind' | 'effect'>;
type Cause = { entity: EntityId; fault: FaultKind };

/** Whether a fault at one entity can bring a finding at another: by the roles that its kind spreads along the topology. */
export function canBring(board: Board, cause: Cause, finding: Brought): boolean {
  return bringing(board, cause, finding) >= 0.5;
}

/** How readily it can, in [0, 1]: calls that wait and neighbours that starve fully; load on a callee only where its load was seen to rise. */
function bringing(board: Board, cause: Cause, finding: Brought): number {
  const { spreads } = cause.fault;
  const { entity, peer } = finding;
  if (entity === cause.entity)
    return peer !== undefined && spreads.toCallees.length > 1 && isOfCallee(finding) ? ofCallee(board, cause, peer) : 1;
  // A log line that names a kind of its own is brought only where that kind is what waiting looks like.
  if (finding.faultKind !== undefined && !secondHand.has(finding.faultKind)) return 0;
  const waits =
    has(spreads.toCallers, finding) &&
    (peer === cause.entity ||
      (board.path(entity, cause.entity) !== undefined && leadsTo(board, cause.entity, finding)));
  if (waits) return isBusy(finding) || isOwnTime(finding) ? 0.3 : 1;
  const loaded = has(spreads.toCallees, finding) && board.path(cause.entity, entity) !== undefined;
  if (loaded) return finding.signal.role === 'traffic' || loadRose(board, entity) ? 1 : 0.25;
  return has(spreads.toNeighbours, finding) && entityKindOf(entity) !== 'external' ? 1 : 0;
}

/** Whether a finding of a caller tells how the other end does. */
function isOfCallee({ signal }: Brought): boolean {
  return ['latency', 'errors', 'network', 'database-latency'].includes(signal.role);
}

/** How readily one that sends more load makes the other end slow or fail: fully where its load was seen to rise. */
function ofCallee(board: Board, { fault }: Cause, peer: EntityId): number {
  return fault.spreads.toCallees.includes('latency') && loadRose(board, peer) ? 1 : 0.25;
}

/** Whether a party computes all the time: one that waits for another does not. */
function isBusy({ signal, data, effect }: Brought): boolean {
  return signal.role === 'cpu' && data?.['unit'] === 'ratio' && (effect?.observed ?? 0) >= 0.85;
}

/** Time or failures that no callee accounts for: waiting for one is taken off already. */
function isOwnTime({ signal, data }: Brought): boolean {
  const own = signal.type === 'metric' ? ['self-time', 'error-origin'] : ['self-time', 'symptom-share'];
  return own.some((aspect) => data?.['aspect'] === aspect);
}

/** Whether more calls or statements were seen to reach an entity. */
function loadRose(board: Board, entity: EntityId): boolean {
  const more = ({ signal, direction, data }: Finding): boolean =>
    direction === 'up' && data?.['aspect'] === 'rate' && (signal.role === 'traffic' || signal.role === 'database-work');
  return board.at(entity, 'self').some(more) || board.at(entity, 'in').some(more);
}

/** A call finding of a caller is brought by the cause only when the call goes toward it: along its path, or along one of its callees' overload. */
function leadsTo(board: Board, cause: EntityId, finding: Pick<Finding, 'peer' | 'signal'>): boolean {
  const { peer, signal } = finding;
  if (peer === undefined || entityKindOf(peer) === 'volume' || signal.role === 'pool' || signal.role === 'queue')
    return true;
  return peer === cause || board.path(peer, cause) !== undefined;
}

function has(roles: readonly string[], { signal, data }: Pick<Finding, 'signal' | 'data'>): boolean {
  return (
    roles.includes(signal.role) ||
    (typeof data?.['aspect'] === 'string' && roles.includes(`${signal.role}/${data['aspect']}`))
  );
}

/** The share of a candidate's evidence that another candidate brings: by spread, and not before it. */
export function shareExplained(board: Board, candidate: Candidate, by: Candidate): number {
  if (by === candidate || by.entity === candidate.entity) return 0;
  let total = 0;
  let explained = 0;
  for (const { findings, mass } of candidate.seen) {
    total += mass;
    const shares = findings.map((finding) => bringing(board, by, finding) * punctual(board, finding, by));
    explained += (mass * sum(shares)) / findings.length;
  }
  return total === 0 ? 0 : explained / total;
}

/** 1 when the finding began no earlier than the cause, falling to 0 as it was earlier. */
function punctual(board: Board, finding: Finding, by: Candidate): number {
  if (finding.onset === undefined || by.onsetMs === undefined) return 1;
  const slack = (finding.kind === 'log-pattern' ? 3 : 1.5) * board.toleranceMs;
  return clamp(1 - (by.onsetMs - msOf(finding.onset)) / slack, 0, 1);
}

/** A departure that no mechanism explains: it is no explanation of others, and no cause to claim. */
export function namesNoMechanism({ fault }: Pick<Candidate, 'fault'>): boolean {
  return fault.kind === 'unexplained-departure';
}

/**
 * What remains of each candidate once the others explain what they can. Where two explain each other, each counts by its own fit, so that
 * the one with evidence of its own (a pool made smaller, a change that fits) keeps it: the loudest is not the cause.
 */
export function explainAway(
  board: Board,
  candidates: readonly Candidate[],
): Map<Candidate, { remains: number; explained: Explained[] }> {
  const strong = [...candidates].sort((left, right) => right.fit - left.fit).slice(0, 40);
  const shares = new Map<Candidate, Map<Candidate, number>>();
  for (const one of strong) shares.set(one, new Map(strong.map((other) => [other, shareExplained(board, one, other)])));
  const result = new Map<Candidate, { remains: number; explained: Explained[] }>();
  for (const one of strong) {
    let taken = 0;
    const explained: Explained[] = [];
    for (const other of strong) {
      const share = shares.get(one)?.get(other) ?? 0;
      if (share < 0.2 || other.fit < 0.2 || namesNoMechanism(other)) continue;
      const back = shares.get(other)?.get(one) ?? 0;
      const pull = share * other.fit;
      const weight = pull / (pull + back * one.fit + 1e-9);
      taken = Math.max(taken, 0.9 * pull * weight);
      explained.push({ by: other, share });
    }
    explained.sort((left, right) => right.share * right.by.fit - left.share * left.by.fit);
    result.set(one, { remains: one.fit * (1 - taken), explained });
  }
  return result;
}
