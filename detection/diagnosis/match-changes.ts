import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../domain/entity.ts';
import type { RuledOut } from '../../domain/diagnosis.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { numbersOf } from '../signals/member-of.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';

/**
 * Gives each candidate the change that could have brought it: at the entity (or at one that uses the database, queue or cache in question),
 * before the onset, and touching what this kind of fault comes from. The fit grows by it; without a fitting mechanism a change adds nothing.
 */
export function matchChanges(board: Board, candidates: readonly Candidate[]): void {
  for (const candidate of candidates) {
    for (const change of board.changes) {
      const strength = matchStrength(board, candidate, change);
      if (strength <= candidate.changeStrength) continue;
      candidate.changeStrength = strength;
      candidate.change = change;
    }
    if (candidate.changeStrength > 0) candidate.fit = 1 - (1 - candidate.fit) * (1 - 0.5 * candidate.changeStrength);
  }
}

function matchStrength(board: Board, candidate: Candidate, change: Finding): number {
  const hints = numbersOf(change.data?.['hints']);
  const hint = hints[candidate.fault.kind] ?? 0;
  const near = nearness(board, candidate.entity, change.entity);
  if (hint === 0 || near === 0 || change.onset === undefined) return 0;
  if (candidate.onsetMs === undefined) return hint * near * 0.5;
  const ahead = candidate.onsetMs - msOf(change.onset);
  return ahead < -2 * board.toleranceMs ? 0 : hint * near;
}

function nearness(board: Board, entity: EntityId, changed: EntityId): number {
  if (entity === changed) return 1;
  if (entityNameOf(entity) === entityNameOf(changed)) return 0.9;
  // What a service owns alone (its database, cache, queue, volume) is altered by changing the service.
  const owned = ['database', 'cache', 'queue', 'volume'].includes(entityKindOf(entity));
  return owned && board.edge(changed, entity) !== undefined ? 0.7 : 0;
}

/** Why each change that is not blamed is not: after the onset, of a kind that brings no fault, off the path, or without its mechanism seen. */
export function ruleOutChanges(board: Board, top: Candidate | undefined, onsetMs: number | undefined): RuledOut[] {
  return board.changes
    .filter((change) => change !== top?.change)
    .map((change) => ({
      entity: change.entity,
      change: typeof change.data?.['change'] === 'string' ? change.data['change'] : change.id,
      reason: reasonAgainst(board, change, top, onsetMs),
      evidence: change.evidence,
    }));
}

function reasonAgainst(board: Board, change: Finding, top: Candidate | undefined, onsetMs: number | undefined): string {
  const innocent = change.data?.['innocent'];
  if (typeof innocent === 'string') return innocent;
  if (onsetMs !== undefined && change.onset !== undefined && msOf(change.onset) > onsetMs + board.toleranceMs)
    return 'came after the onset';
  const hints = Object.keys(numbersOf(change.data?.['hints']));
  if (top === undefined) return 'nothing departs from normal in a way that it could have caused';
  if (
    top.entity !== change.entity &&
    board.path(top.entity, change.entity) === undefined &&
    board.path(change.entity, top.entity) === undefined
  )
    return `no dependency path joins it to ${entityNameOf(top.entity)}`;
  if (!hints.includes(top.fault.kind))
    return hints.length === 0
      ? 'its content cannot be read, and the mechanism seen is elsewhere'
      : `what it touches does not bring ${top.fault.title}`;
  return `the mechanism is seen at ${entityNameOf(top.entity)}, not at ${entityNameOf(change.entity)}`;
}
