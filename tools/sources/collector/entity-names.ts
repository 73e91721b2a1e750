import { entityIdOf, entityKind, entityNameOf } from '../../../domain/entity.ts';
import type { EntityId, EntityKind } from '../../../domain/entity.ts';
import { textOf } from './sql-row.ts';
import type { Database } from '../../../infra/runtime/database.ts';

/**
 * One id for each thing that the collector hears of by name. A scraped, traced or logging name is a `service`, until its own metrics (`db`
 * or `queue` label equal to its name) or the spans of its callers say that it is a database or a queue; then all its data has that kind.
 * A name that calls others itself is a program and stays a `service`: its database or queue of the same name is another thing.
 */
export interface EntityNames {
  /** Notes that `name` is watched (scraped, logging or traced). */
  watch(name: string): void;
  isWatched(name: string): boolean;
  /** Notes what kind of thing `name` is; the first say stays. */
  learn(name: string, kind: EntityKind): void;
  /** Notes that `name` makes calls of its own, which overrules what others said of it. */
  learnProgram(name: string): void;
  idOf(name: string): EntityId;
  /** The id of something that others talk of: watched things by their own kind, the rest as `kind`. */
  peerIdOf(name: string, kind: EntityKind): EntityId;
  watched(): string[];
  /** The names that a request for `entities` means, by id or by the `service:` id of the same name; `undefined` for all. */
  namesIn(entities: readonly EntityId[]): Set<string> | undefined;
}

const storeKinds: ReadonlySet<EntityKind> = new Set(['database', 'queue', 'cache']);

/** Kinds are kept in the database, so that ids stay the same after a restart. */
export function openEntityNames(database: Database): EntityNames {
  const kinds = new Map<string, EntityKind>();
  const watched = new Set<string>();
  for (const row of database.sql.prepare('SELECT name, kind FROM kinds').all()) {
    kinds.set(textOf(row, 'name'), entityKind.safeParse(row['kind']).data ?? 'service');
  }
  const insert = database.sql.prepare('INSERT OR REPLACE INTO kinds (name, kind) VALUES (?, ?)');
  const idOf = (name: string): EntityId => entityIdOf(kinds.get(name) ?? 'service', name);
  return {
    watch: (name) => void watched.add(name),
    isWatched: (name) => watched.has(name),
    learn(name, kind) {
      if (kinds.has(name)) return;
      kinds.set(name, kind);
      insert.run(name, kind);
    },
    learnProgram(name) {
      if (kinds.get(name) === 'service') return;
      kinds.set(name, 'service');
      insert.run(name, 'service');
    },
    idOf,
    peerIdOf(name, kind) {
      if (kinds.get(name) === 'service' && storeKinds.has(kind)) return entityIdOf(kind, name);
      return watched.has(name) ? idOf(name) : entityIdOf(kinds.get(name) ?? kind, name);
    },
    watched: () => [...watched].sort(),
    namesIn(entities) {
      if (entities.length === 0) return undefined;
      const names = entities
        .filter((id) => idOf(entityNameOf(id)) === id || id.startsWith('service:'))
        .map((id) => entityNameOf(id));
      return new Set(names);
    },
  };
}
