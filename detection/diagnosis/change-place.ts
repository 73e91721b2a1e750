import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { memberOf } from '../../infra/runtime/member-of.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { belongsTo } from '../evidence/changes/link-changes.ts';
import type { Board } from './board.ts';

/** How near a change runs to an entity, in [0, 1], and since when: 1 where it was deployed, less by its path, in a shared library, or beside what the entity owns. */
export function placeOf(board: Board, entity: EntityId, change: Finding): { near: number; atMs?: number } {
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
