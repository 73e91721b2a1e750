import type { EntityId } from '../../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import { addressOf } from './exporter-target.ts';
import { serverCalled, serverOnPort } from './known-servers.ts';

/** One thing that is known of names: an entity listens at an address, or is called something else too. */
export interface NameFact {
  id: EntityId;
  /** An address (`host:port`, a URL), a bare name, or another entity's id. */
  also: string;
  reason: string;
  /** Said by a person: counts before what was seen. */
  declared?: true;
}

/** Which names mean one thing, and why. */
export interface NameBook {
  /** The id by which an entity is known; its own where nothing else is known. */
  idOf(id: EntityId): EntityId;
  /** Who listens at an address; undefined where nobody or more than one may. */
  at(address: string): EntityId | undefined;
  /** All ids that mean the same as one, itself first. */
  namesOf(id: EntityId): EntityId[];
  /** Each join with its reason, ordered. */
  joins(): { from: EntityId; to: EntityId; reason: string }[];
}

/**
 * Makes the book of names from facts and from the ids that are known. Joined are: what a person declares; an address with the one entity that is
 * known to listen there; a port of known software with the one entity that is this software; names of one software (`postgres`, `postgresql`) where
 * only one entity of each name is measured. What may be two things is left apart. Order of facts does not matter.
 */
export function createNameBook(facts: readonly NameFact[], known: Iterable<EntityId>): NameBook {
  const joined = new Map<EntityId, { to: EntityId; reason: string }>();
  const listening = new Map<string, Map<EntityId, NameFact>>();
  const ids = new Set([...known, ...facts.map(({ id }) => id)]);
  for (const fact of [...facts].sort(
    (left, right) => Number(right.declared ?? false) - Number(left.declared ?? false),
  )) {
    const other = idNamed(fact.also, ids);
    if (other !== undefined && other !== fact.id) {
      if (!joined.has(other) && follow(joined, fact.id) !== other)
        joined.set(other, { to: fact.id, reason: fact.reason });
      continue;
    }
    const address = addressOf(fact.also);
    if (address === undefined) continue;
    const there = listening.get(address) ?? new Map<EntityId, NameFact>();
    listening.set(address, there.set(fact.id, fact));
  }
  joinSoftware(ids, new Set(facts.map(({ id }) => id)), joined);
  const resolve = (id: EntityId): EntityId => follow(joined, id);

  const listener = (address: string): EntityId | undefined => {
    const there = listening.get(address);
    if (there === undefined) return undefined;
    const declared = [...there.values()].find((fact) => fact.declared === true);
    const found = new Set((declared === undefined ? [...there.keys()] : [declared.id]).map(resolve));
    return found.size === 1 ? [...found][0] : undefined;
  };
  const at = (text: string): EntityId | undefined => {
    const address = addressOf(text);
    if (address === undefined) return undefined;
    if (listening.has(address)) return listener(address);
    const [host = '', port] = address.split(':');
    if (port === undefined) return undefined;
    const software = serverOnPort(Number(port));
    const candidates = new Set(
      [...ids].filter((id) => software !== undefined && serverCalled(entityNameOf(id)) === software).map(resolve),
    );
    if (candidates.size > 0) return candidates.size === 1 ? [...candidates][0] : undefined;
    // Of a host that runs many things an address with a port says nothing.
    const whole = listener(host);
    return whole === undefined || entityKindOf(whole) === 'host' ? undefined : whole;
  };
  const idOf = (id: EntityId): EntityId => {
    const to = resolve(id);
    const kind = entityKindOf(to);
    if (kind !== 'endpoint' && kind !== 'external' && kind !== 'host' && kind !== 'other' && !/:\d+$/.test(to))
      return to;
    return at(to.slice(to.indexOf(':') + 1)) ?? to;
  };
  return {
    idOf,
    at,
    namesOf: (id) => [id, ...[...ids].filter((one) => one !== id && idOf(one) === idOf(id)).sort()],
    joins: () =>
      [...joined]
        .map(([from, { to, reason }]) => ({ from, to, reason }))
        .sort((left, right) => (left.from < right.from ? -1 : 1)),
  };
}

function follow(joined: ReadonlyMap<EntityId, { to: EntityId }>, id: EntityId): EntityId {
  let at = id;
  for (let steps = 0; steps < 8; steps += 1) {
    const next = joined.get(at);
    if (next === undefined) return at;
    at = next.to;
  }
  return at;
}

/** An id, or the one entity of a bare name. */
function idNamed(text: string, ids: ReadonlySet<EntityId>): EntityId | undefined {
  if (ids.has(text)) return text;
  if (entityKindOf(text) !== 'other') return text;
  const named = [...ids].filter((id) => entityNameOf(id) === text);
  if (named.length === 1) return named[0];
  return /[.:/]/.test(text) ? undefined : entityIdOf('service', text);
}

/** Ids that are called the same software, and services whose names differ in case and separators: all are one where only one is measured. */
function joinSoftware(
  ids: ReadonlySet<EntityId>,
  measured: ReadonlySet<EntityId>,
  joined: Map<EntityId, { to: EntityId; reason: string }>,
): void {
  const join = (keyOf: (id: EntityId) => string | undefined, reason: (key: string) => string): void => {
    const groups = Map.groupBy([...ids].filter((id) => !joined.has(id)).sort(), keyOf);
    for (const [key, members] of groups) {
      const [main, ...more] = members.filter((id) => measured.has(id));
      if (key === undefined || main === undefined || more.length > 0) continue;
      for (const id of members) if (id !== main) joined.set(id, { to: main, reason: reason(key) });
    }
  };
  join(
    (id) => (/\d$/.test(id) && !measured.has(id) ? undefined : serverCalled(entityNameOf(id))?.name),
    (name) => `both are called ${name}, and only one is measured`,
  );
  join(
    (id) =>
      entityKindOf(id) === 'service'
        ? entityNameOf(id)
            .toLowerCase()
            .replaceAll(/[-_. ]/g, '')
        : undefined,
    () => 'their names differ in case and separators only',
  );
}
