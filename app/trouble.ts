import type { EntityId } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import { msOf } from '../infra/runtime/clock.ts';
import type { Relatedness } from './relatedness.ts';
import { byOnset } from './symptoms.ts';

/** What belongs together: one incident that is open, or one that may be opened. */
export interface Trouble {
  entities: Set<EntityId>;
  /** When it began, milliseconds. */
  onset: number;
  /** What is serious about it at the latest look, the earliest first. */
  serious: Finding[];
}

/** Where nothing is known of how two entities depend on each other, what began within so long belongs together. */
const nearMs = 300_000;

/** Whether what happens at an entity may belong to a trouble: it does where they are related, and may where that is unknown. */
export function mayBelong(entity: EntityId, { entities }: Pick<Trouble, 'entities'>, related: Relatedness): boolean {
  return [...entities].some((one) => related(entity, one) !== false);
}

/**
 * Shares out what is serious at a look (the earliest first) among the troubles known so far, in their order, and makes new ones of the rest: an entity
 * stays where it is, joins what it is related to, and where that is unknown what began within five minutes. Two new ones that a finding joins become
 * one; open incidents stay apart. `make` gets the onset, NaN where a finding does not know it. Sets `serious` and adds to `entities` of `open` and `suspected`; gives the suspected ones that have something.
 */
export function shareOut<Suspected extends Trouble>(
  serious: readonly Finding[],
  { open, suspected, related }: { open: readonly Trouble[]; suspected: readonly Suspected[]; related: Relatedness },
  make: (onset: number) => Suspected,
): Suspected[] {
  for (const one of [...open, ...suspected]) one.serious = [];
  let fresh = [...suspected];
  for (const finding of serious) {
    const places = [...open, ...fresh].filter((one) => belongs(finding, one, related));
    let place: Trouble | undefined = places.find(({ entities }) => entities.has(finding.entity)) ?? places[0];
    if (place === undefined) {
      const made = make(msOf(finding.onset ?? ''));
      fresh.push(made);
      place = made;
    }
    const target = place;
    const joined = fresh.filter((one) => one !== target && places.includes(one));
    for (const one of joined) absorb(target, one);
    fresh = fresh.filter((one) => !joined.includes(one));
    target.entities.add(finding.entity);
    target.serious.push(finding);
  }
  return fresh.filter((one) => one.serious.length > 0);
}

/** Makes one trouble part of another. */
export function absorb(into: Trouble, other: Trouble): void {
  for (const entity of other.entities) into.entities.add(entity);
  into.serious = [...into.serious, ...other.serious].sort(byOnset);
  into.onset = Math.min(into.onset, other.onset);
}

function belongs({ entity, onset }: Finding, trouble: Trouble, related: Relatedness): boolean {
  if (trouble.entities.has(entity)) return true;
  let unknown = false;
  for (const one of trouble.entities) {
    const answer = related(entity, one);
    if (answer === true) return true;
    unknown ||= answer === undefined;
  }
  return unknown && Math.abs(msOf(onset ?? '') - trouble.onset) <= nearMs;
}
