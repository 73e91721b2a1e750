import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Change } from '../../../domain/signal.ts';
import { msOf } from '../../../infra/runtime/clock.ts';

/** Where and since when a change runs. `deploy`: a deploy names it; `path`: its files belong to the service; `shared`: a library that others build in. */
export interface Reach {
  entity: EntityId;
  at: string;
  via: 'deploy' | 'path' | 'shared';
}

/**
 * Where commits run: a commit does nothing until a deploy carries it. The deploy that names it does; so does the next deploy of the service
 * that its files belong to, whatever commit that deploy names; a file outside every service (a shared library, a root manifest) is built into
 * whatever is deployed next. A service of which no deploy is recorded runs a commit at once. Other changes run where they were made.
 */
export function linkChanges(changes: readonly Change[]): Map<string, Reach[]> {
  const deploys = changes.filter(({ kind, entity }) => kind === 'deploy' && entity !== undefined);
  const services = [...new Set(changes.flatMap(({ entity }) => entity ?? []))];
  const reaches = new Map<string, Reach[]>();
  for (const change of changes) {
    if (change.kind === 'commit') reaches.set(change.id, reachesOf(change, deploys, services));
    else if (change.entity !== undefined)
      reaches.set(change.id, [{ entity: change.entity, at: change.at, via: 'deploy' }]);
  }
  return reaches;
}

function reachesOf(commit: Change, deploys: readonly Change[], services: readonly EntityId[]): Reach[] {
  const found: Reach[] = [];
  const add = (entity: EntityId | undefined, at: string, via: Reach['via']): void => {
    if (entity !== undefined && !found.some((one) => one.entity === entity)) found.push({ entity, at, via });
  };
  for (const deploy of deploys) if (deploy.ref === commit.id) add(deploy.entity, deploy.at, 'deploy');
  add(commit.entity, commit.at, 'deploy');
  const files = commit.files ?? [];
  const owners = services.filter((entity) => files.some((file) => belongsTo(file, entity)));
  for (const entity of owners) {
    const mine = deploys.filter((deploy) => deploy.entity === entity);
    const next = firstAfter(mine, commit.at);
    if (next !== undefined) add(entity, next.at, 'path');
    else if (mine.length === 0) add(entity, commit.at, 'path');
  }
  if (owners.length === 0 && files.some(isShared)) {
    for (const entity of services) {
      const next = firstAfter(
        deploys.filter((deploy) => deploy.entity === entity),
        commit.at,
      );
      if (next !== undefined) add(entity, next.at, 'shared');
    }
  }
  return found;
}

function firstAfter(deploys: readonly Change[], at: string): Change | undefined {
  return deploys
    .filter((deploy) => msOf(deploy.at) >= msOf(at))
    .reduce<Change | undefined>(
      (best, one) => (best === undefined || msOf(one.at) < msOf(best.at) ? one : best),
      undefined,
    );
}

/** Whether a path lies in a service's folder: a segment that is its name, but for separators and a word like `service`. */
export function belongsTo(file: string, entity: EntityId): boolean {
  const name = stem(entityNameOf(entity));
  return (
    name.length >= 3 &&
    file
      .split('/')
      .slice(0, -1)
      .some((segment) => stem(segment) === name)
  );
}

function stem(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[-_. ]/g, '')
    .replace(/(service|svc|server)$/, '');
}

/** A library or a manifest that many build in: not a service's own folder, not tooling. */
function isShared(file: string): boolean {
  return (
    /^(pkg|libs?|common|shared|internal|core|packages?|platform|vendor|third_party|proto|api)\//i.test(file) ||
    !file.includes('/')
  );
}
