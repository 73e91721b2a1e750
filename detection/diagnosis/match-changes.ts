import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../domain/entity.ts';
import type { RuledOut } from '../../domain/diagnosis.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Fit } from './fit-change.ts';
import { createChangeFits } from './fit-change.ts';
import { belongsTo } from '../evidence/changes/link-changes.ts';
import { memberOf } from '../../infra/runtime/member-of.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';

/** Below this a change only happened to be there. */
const leastStrength = 0.3;

/**
 * Gives each candidate the change that could have brought it: one that runs at the entity (deployed there, of its folder, or in a library
 * built into it, or at the one that uses the database, queue or cache in question), began before the onset, and touches what this kind of
 * fault comes from or what logs and metrics speak of. The fit grows by it; without a fitting mechanism a change adds nothing.
 */
export function matchChanges(board: Board, candidates: readonly Candidate[]): void {
  const fits = createChangeFits(board);
  for (const candidate of candidates) {
    if (!candidate.fault.culprit) continue;
    for (const change of board.changes) {
      const strength = matchStrength(board, candidate, change, fits(candidate, change));
      if (strength < leastStrength || strength <= candidate.changeStrength) continue;
      candidate.changeStrength = strength;
      candidate.change = change;
    }
    if (candidate.changeStrength > 0) candidate.fit = 1 - (1 - candidate.fit) * (1 - 0.5 * candidate.changeStrength);
  }
}

function matchStrength(board: Board, candidate: Candidate, change: Finding, fit: Fit): number {
  const place = placeOf(board, candidate.entity, change);
  if (fit.strength === 0 || place.near === 0 || place.atMs === undefined) return 0;
  if (candidate.onsetMs === undefined) return fit.strength * place.near * 0.5;
  const ahead = candidate.onsetMs - place.atMs;
  return ahead < -2 * board.toleranceMs ? 0 : fit.strength * place.near;
}

/** How near a change runs to an entity, in [0, 1], and since when. */
function placeOf(board: Board, entity: EntityId, change: Finding): { near: number; atMs?: number } {
  let best: { near: number; atMs?: number } = { near: 0 };
  const consider = (near: number, at: unknown): void => {
    if (near > best.near && typeof at === 'string') best = { near, atMs: msOf(at) };
  };
  const reaches = change.data?.['reaches'];
  const runsAt = Array.isArray(reaches) && reaches.length > 0 ? reaches : [{ entity: change.entity, at: change.onset }];
  for (const reach of runsAt) {
    const changed = memberOf(reach, 'entity');
    if (typeof changed !== 'string') continue;
    const near = nearness(board, entity, changed) * (memberOf(reach, 'via') === 'shared' ? 0.85 : 1);
    consider(near, memberOf(reach, 'at'));
  }
  // Where no deploy tells, a path in the service's folder does.
  const files = change.data?.['files'];
  if (best.near === 0 && (!Array.isArray(reaches) || reaches.length === 0) && Array.isArray(files))
    if (files.some((file) => typeof file === 'string' && belongsTo(file, entity))) consider(0.8, change.onset);
  return best;
}

function nearness(board: Board, entity: EntityId, changed: EntityId): number {
  if (entity === changed) return 1;
  if (entityNameOf(entity) === entityNameOf(changed)) return 0.9;
  // What a service owns alone (its database, cache, queue, volume) is altered by changing the service.
  const owned = ['database', 'cache', 'queue', 'volume'].includes(entityKindOf(entity));
  return owned && board.edge(changed, entity) !== undefined ? 0.7 : 0;
}

/** Why each change that is not blamed is not: after the onset, of a kind that brings no fault, off the path, or without its mechanism seen. Those near the fault first. */
export function ruleOutChanges(board: Board, top: Candidate | undefined, onsetMs: number | undefined): RuledOut[] {
  return board.changes
    .filter((change) => change !== top?.change)
    .map((change) => ({ change, near: top === undefined ? 0 : placeOf(board, top.entity, change).near }))
    .sort((left, right) => right.near - left.near)
    .map(({ change, near }) => ({
      entity: change.entity,
      change: typeof change.data?.['change'] === 'string' ? change.data['change'] : change.id,
      reason: reasonAgainst(board, change, { top, onsetMs, near }),
      evidence: change.evidence,
    }));
}

function reasonAgainst(
  board: Board,
  change: Finding,
  { top, onsetMs, near }: { top: Candidate | undefined; onsetMs: number | undefined; near: number },
): string {
  const innocent = change.data?.['innocent'];
  if (typeof innocent === 'string') return innocent;
  if (onsetMs !== undefined && change.onset !== undefined && msOf(change.onset) > onsetMs + board.toleranceMs)
    return 'came after the onset';
  if (top === undefined) return 'nothing departs from normal in a way that it could have caused';
  if (!top.fault.culprit) return `${top.fault.title} explains what is seen; no change brings that`;
  if (
    near === 0 &&
    board.path(top.entity, change.entity) === undefined &&
    board.path(change.entity, top.entity) === undefined
  )
    return `no dependency path joins it to ${entityNameOf(top.entity)}`;
  const touches = change.data?.['touches'];
  if (near > 0)
    return Array.isArray(touches) && touches.length === 0
      ? 'its content cannot be read, and nothing else speaks for it'
      : `what it touches does not bring ${top.fault.title}${top.change === undefined ? '' : ' as well as another change does'}`;
  return `the mechanism is seen at ${entityNameOf(top.entity)}, not at ${entityNameOf(change.entity)}`;
}
