import type { EntityId } from '../../../domain/entity.ts';
import { alertKindOf, type AlertKind } from './alert-kind.ts';
import type { StormAlert } from './storm-alert.ts';

/** Classes of fault that kinds of alerts tell apart. */
const stormFaults = ['cpu', 'memory', 'disk', 'network', 'process', 'application'] as const;
export type StormFault = (typeof stormFaults)[number];

/** Calls go wrong with any fault. */
const calls = { latency: 0.4, errors: 0.3, traffic: 0.4, network: 0.3, log: 0.3 };

/** How likely an entity with a fault of a class has alerts of a kind; what is not named is as likely as ever. */
const shows: Readonly<Record<StormFault, Partial<Record<AlertKind, number>>>> = {
  cpu: { ...calls, cpu: 0.9, memory: 0.2, disk: 0.1, process: 0.1 },
  memory: { ...calls, memory: 0.9, cpu: 0.3, disk: 0.15, process: 0.3 },
  disk: { ...calls, disk: 0.9, cpu: 0.2, memory: 0.15, process: 0.1 },
  network: { ...calls, network: 0.7, latency: 0.7, errors: 0.5, cpu: 0.15, memory: 0.15, disk: 0.05, process: 0.1 },
  process: {
    ...calls,
    process: 0.5,
    memory: 0.6,
    cpu: 0.6,
    network: 0.6,
    traffic: 0.7,
    errors: 0.5,
    disk: 0.2,
    log: 0.7,
  },
  application: { ...calls, errors: 0.6, log: 0.8, cpu: 0.1, memory: 0.1, disk: 0.05, process: 0.1, network: 0.1 },
};

/** How often each entity had alerts of each kind, and which kinds are watched at all. */
export interface UsualKinds {
  incidents: number;
  watched: ReadonlySet<AlertKind>;
  timesOf(entity: EntityId, kind: AlertKind): number;
}

/** Counts the kinds of alerts of past incidents once; `storm` adds what is watched. */
export function usualKindsOf(storm: readonly StormAlert[], history: readonly (readonly StormAlert[])[]): UsualKinds {
  const times = new Map<string, number>();
  const watched = new Set(storm.map(alertKindOf));
  for (const incident of history) {
    const here = new Set<string>();
    for (const alert of incident) {
      const kind = alertKindOf(alert);
      watched.add(kind);
      here.add(`${kind} ${alert.entity}`);
    }
    for (const key of here) times.set(key, (times.get(key) ?? 0) + 1);
  }
  return { incidents: history.length, watched, timesOf: (entity, kind) => times.get(`${kind} ${entity}`) ?? 0 };
}

/**
 * The class of fault at an entity, by which kinds of alerts it has and which it lacks, against how often it had them in past incidents
 * (naive Bayes with one look a kind). A kind that neither this storm nor any past incident has at this site is not watched and says nothing.
 */
export function stormFaultOf(entity: EntityId, alerts: readonly StormAlert[], usual: UsualKinds): StormFault {
  const seen = new Set(alerts.map(alertKindOf));
  const ranked = stormFaults.map((fault) => {
    let score = 0;
    for (const kind of usual.watched) {
      const background = Math.min(0.95, (usual.timesOf(entity, kind) + 0.5) / (usual.incidents + 1));
      const chance = Math.min(0.98, 1 - (1 - (shows[fault][kind] ?? 0)) * (1 - background));
      score += Math.log(seen.has(kind) ? chance : 1 - chance);
    }
    return { fault, score };
  });
  return ranked.toSorted((left, right) => right.score - left.score)[0]?.fault ?? 'application';
}
