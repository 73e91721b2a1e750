import type { EntityId, Topology } from '../../../domain/entity.ts';
import { entityKindOf } from '../../../domain/entity.ts';
import { alertKindOf, isOwnEvidence } from './alert-kind.ts';
import { alertKey } from './rarity.ts';
import type { Rarity } from './rarity.ts';
import type { StormAlert } from './storm-alert.ts';

/**
 * What speaks for each entity in a storm, none of it in a site's own unit. Sums of rarities count by their logarithm, so that a place with
 * many alert rules does not win by their number.
 */
export const stormFeatureNames = [
  'metrics',
  'rarest-metric',
  'logs',
  'rarest-log',
  'own-evidence',
  'alone-of-its-kind',
  'called',
  'first',
  'shared-by-members',
  'callee-is-worse',
] as const;
export type StormFeature = (typeof stormFeatureNames)[number];
export type StormFeatures = Readonly<Record<StormFeature, number>>;

/** An entity that can be the cause, its features, and the alerts that count for it (its own, and those that its members share), rarest first. */
export interface StormCandidate {
  entity: EntityId;
  features: StormFeatures;
  alerts: { alert: StormAlert; rarity: number }[];
}

/** How an alert counts at a place. */
interface Weighed {
  alert: StormAlert;
  rarity: number;
}

/** A trait counts for a service or a machine when at least so many of its members show it. */
const fewestMembers = 2;
const mostMembers = 0.5;

/** Every entity with alerts, and every service and machine whose members share some, with what speaks for it. Pure; cost linear in alerts and edges. */
export function stormCandidates(
  alerts: readonly StormAlert[],
  { rarityOf, incidents }: Rarity,
  topology: Topology,
): StormCandidate[] {
  const own = new Map<EntityId, Map<string, Weighed>>();
  for (const alert of alerts) {
    const mine = own.get(alert.entity) ?? new Map<string, Weighed>();
    mine.set(alertKey(alert), { alert, rarity: rarityOf(alert) });
    own.set(alert.entity, mine);
  }
  const graph = readGraph(topology);
  const first = firstOf(alerts);
  const places = new Map<EntityId, { own: Weighed[]; shared: Weighed[] }>();
  for (const [entity, mine] of own) places.set(entity, { own: [...mine.values()], shared: [] });
  for (const [group, members] of graph.members) {
    const shared = sharedBy(members, own, graph.serviceOf);
    if (shared.length === 0) continue;
    const place = places.get(group);
    if (place === undefined) places.set(group, { own: [], shared });
    else place.shared = shared;
  }
  const ownEvidence = new Map([...places].map(([entity, { own: mine }]) => [entity, ownOf(mine)]));
  return [...places]
    .map(([entity, place]): StormCandidate => {
      const all = [...place.own, ...place.shared];
      const mine = ownEvidence.get(entity) ?? 0;
      const callees = graph.callees.get(entity) ?? new Set<EntityId>();
      const worst = Math.max(0, ...[...callees].map((callee) => ownEvidence.get(callee) ?? 0));
      const features: StormFeatures = {
        metrics: sumOf(all, 'metric', 'other'),
        'rarest-metric': mostOf(all, incidents, 'metric', 'other'),
        logs: sumOf(all, 'log'),
        'rarest-log': mostOf(all, incidents, 'log'),
        'own-evidence': ownOf(all),
        'alone-of-its-kind': aloneOf(entity, place.own, own, graph),
        called: Math.log1p(
          total(
            all.filter(({ alert }) => alert.source === 'trace' && alert.peer !== undefined && alert.peer !== entity),
          ),
        ),
        first: first.get(entity) ?? 0,
        'shared-by-members': Math.log1p(total(place.shared)),
        'callee-is-worse': Math.max(0, worst - mine),
      };
      return { entity, features, alerts: all.toSorted((left, right) => right.rarity - left.rarity) };
    })
    .sort((left, right) => (left.entity < right.entity ? -1 : 1));
}

function total(some: readonly Weighed[]): number {
  return some.reduce((all, { rarity }) => all + rarity, 0);
}

function sumOf(some: readonly Weighed[], ...sources: readonly StormAlert['source'][]): number {
  return Math.log1p(total(some.filter(({ alert }) => sources.includes(alert.source))));
}

/** The rarity of the rarest, as a share of what it can be at most. */
function mostOf(some: readonly Weighed[], incidents: number, ...sources: readonly StormAlert['source'][]): number {
  const rarities = some.filter(({ alert }) => sources.includes(alert.source)).map(({ rarity }) => rarity);
  return Math.max(0, ...rarities) / Math.log(incidents + 2);
}

function ownOf(some: readonly Weighed[]): number {
  return Math.log1p(total(some.filter(({ alert }) => isOwnEvidence(alertKindOf(alert)))));
}

/** What its replicas do not show: a fault of one of several is seen at that one, load and callees are felt by all. */
function aloneOf(
  entity: EntityId,
  mine: readonly Weighed[],
  own: ReadonlyMap<EntityId, ReadonlyMap<string, Weighed>>,
  graph: Graph,
): number {
  const siblings = [...(graph.members.get(graph.serviceOf.get(entity) ?? '') ?? [])].filter((one) => one !== entity);
  if (siblings.length === 0) return 0;
  const alone = mine.filter(
    ({ alert }) => !siblings.some((sibling) => own.get(sibling)?.has(alertKey({ ...alert, entity: sibling })) === true),
  );
  return Math.log1p(total(alone));
}

/** Alerts that most members of a service, or of a machine with several services, show: each once, at their mean rarity. */
function sharedBy(
  members: ReadonlySet<EntityId>,
  own: ReadonlyMap<EntityId, ReadonlyMap<string, Weighed>>,
  serviceOf: ReadonlyMap<EntityId, EntityId>,
): Weighed[] {
  const traits = new Map<string, Weighed[]>();
  for (const member of members)
    for (const weighed of own.get(member)?.values() ?? []) {
      const key = alertKey({ ...weighed.alert, entity: '' });
      traits.set(key, [...(traits.get(key) ?? []), weighed]);
    }
  const services = new Set([...members].map((member) => serviceOf.get(member) ?? member));
  return [...traits.values()].flatMap((some): Weighed[] => {
    const [one] = some;
    if (one === undefined || some.length < fewestMembers || some.length < mostMembers * members.size) return [];
    // What the replicas of one service share on a machine is that service's.
    const owners = new Set(some.map(({ alert }) => serviceOf.get(alert.entity) ?? alert.entity));
    if (services.size > 1 && owners.size < 2) return [];
    return [{ alert: one.alert, rarity: total(some) / some.length }];
  });
}

/** 1 for the entity of the first alert of a source, a half for the next, and so on; the best of all sources. */
function firstOf(alerts: readonly StormAlert[]): Map<EntityId, number> {
  const best = new Map<EntityId, number>();
  for (const source of new Set(alerts.map((alert) => alert.source))) {
    if (source === 'log') continue;
    const ordered = alerts
      .filter((alert) => alert.source === source)
      .toSorted((left, right) => (left.atMs ?? 0) - (right.atMs ?? 0));
    const seen: EntityId[] = [];
    for (const { entity } of ordered) if (!seen.includes(entity)) seen.push(entity);
    for (const [index, entity] of seen.slice(0, 8).entries())
      best.set(entity, Math.max(best.get(entity) ?? 0, 1 / (1 + index)));
  }
  return best;
}

interface Graph {
  /** Services with their instances, machines with what runs on them. */
  members: Map<EntityId, Set<EntityId>>;
  serviceOf: Map<EntityId, EntityId>;
  callees: Map<EntityId, Set<EntityId>>;
}

/** An edge that is only guessed (both directions of a pair) says nothing of who depends on whom. */
const sureEdge = 0.6;

function readGraph({ edges }: Topology): Graph {
  const graph: Graph = { members: new Map(), serviceOf: new Map(), callees: new Map() };
  const put = (map: Map<EntityId, Set<EntityId>>, key: EntityId, value: EntityId): void => {
    map.set(key, (map.get(key) ?? new Set()).add(value));
  };
  for (const { from, to, kind, confidence } of edges) {
    if (kind === 'owns') {
      put(graph.members, from, to);
      if (entityKindOf(from) === 'service') graph.serviceOf.set(to, from);
    } else if (kind === 'runs-on') put(graph.members, to, from);
    else if (confidence >= sureEdge) put(graph.callees, from, to);
  }
  return graph;
}
