import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { clamp } from '../evidence/signals/robust-statistics.ts';
import type { Board } from './board.ts';

/** Something other than a change that would explain a candidate. */
export interface Rival {
  rival:
    | 'another party'
    | 'the clock'
    | 'bad input'
    | 'shared infrastructure'
    | 'load'
    | 'growth'
    | "an operator's act";
  /** How readily it explains it, in [0, 1]. */
  strength: number;
  because: string;
}

/**
 * What else than a change could have done it, strongest first, from what is seen beside the candidate: a party that it calls fails, the clock
 * (certificates, schedules, quotas), bad input, the machine under several, more load before, growth all along, somebody's act.
 */
export function rivalsOf(board: Board, candidate: { entity: EntityId; onsetMs?: number }): Rival[] {
  const own = board.at(candidate.entity, 'self');
  const out = board.at(candidate.entity, 'out');
  const rivals: Rival[] = [];
  const tell = (rival: Rival['rival'], strength: number, because: string): void => {
    if (strength > 0.1) rivals.push({ rival, strength: clamp(strength, 0, 1), because });
  };
  const notices = board.changes.filter(
    (change) => change.data?.['changeKind'] === 'infrastructure' && isAround(board, change, candidate.onsetMs),
  );
  const parties = out.filter(isFailedCall);
  const worst = Math.max(0, ...parties.map(({ severity, peer }) => severity * (isOutside(peer) ? 1 : 0.5)));
  tell('another party', worst + (notices.length > 0 ? 0.4 : 0), 'a party that it calls fails');
  const kinds = new Set(own.concat(out).map(({ faultKind }) => faultKind));
  if (kinds.has('certificate-expired') || kinds.has('quota-exceeded'))
    tell('the clock', 0.8, 'something ran out at a time that was set before');
  if (kinds.has('bad-data')) tell('bad input', 0.7, 'the input itself is refused');
  const machines = board.findings.filter(
    ({ entity, severity }) => ['node', 'host'].includes(entityKindOf(entity)) && severity >= 0.4,
  );
  if (machines.length > 0)
    tell('shared infrastructure', 0.3 + 0.1 * machines.length, 'the machine under it is in trouble');
  const more = [...own, ...board.at(candidate.entity, 'in')].filter(
    ({ signal, direction, data, effect, onset }) =>
      signal.role === 'traffic' &&
      direction === 'up' &&
      data?.['aspect'] === 'rate' &&
      (effect?.ratio ?? 0) >= 1.5 &&
      !isLater(onset, candidate.onsetMs, board.toleranceMs),
  );
  if (more.length > 0)
    tell('load', Math.max(...more.map(({ severity }) => severity)), 'more requests reached it before');
  if (own.some(({ data }) => data?.['rising'] === true)) tell('growth', 0.3, 'it rose all along');
  return rivals.sort((left, right) => right.strength - left.strength);
}

function isFailedCall({ signal, direction, kind, data }: Finding): boolean {
  if (kind === 'log-pattern') return data?.['hintOf'] === 'peer';
  return direction === 'up' && (signal.role === 'errors' || signal.role === 'latency');
}

function isOutside(peer: Finding['peer']): boolean {
  return peer !== undefined && entityKindOf(peer) === 'external';
}

function isAround(board: Board, change: Finding, onsetMs: number | undefined): boolean {
  if (onsetMs === undefined || change.onset === undefined) return true;
  const ahead = onsetMs - msOf(change.onset);
  return ahead > -10 * board.toleranceMs && ahead < 24 * 3_600_000;
}

function isLater(onset: string | undefined, than: number | undefined, toleranceMs: number): boolean {
  return onset !== undefined && than !== undefined && msOf(onset) > than + toleranceMs;
}
