import { type EntityId, entityIdOf, type EntityKind, type Topology } from '../../domain/entity.ts';
import type { Alert } from '../../domain/question.ts';

/** Labels that name what an alert is about, the most telling first, and the kind they name. */
const entityLabels: readonly (readonly [string, EntityKind])[] = [
  ['service', 'service'],
  ['service_name', 'service'],
  ['app', 'service'],
  ['app_kubernetes_io_name', 'service'],
  ['application', 'service'],
  ['deployment', 'service'],
  ['statefulset', 'service'],
  ['daemonset', 'service'],
  ['database', 'database'],
  ['queue', 'queue'],
  ['topic', 'queue'],
  ['cache', 'cache'],
  ['pod', 'pod'],
  ['node', 'node'],
  ['job', 'service'],
  ['host', 'host'],
  ['instance', 'host'],
];

/**
 * The entities that an alert's labels name: those that the topology knows by id, name or alias; where it knows none, what the most
 * telling label says. Empty when no label names anything.
 */
export function entitiesOfAlert(alert: Alert, topology: Topology): EntityId[] {
  const known = new Set<EntityId>();
  let guess: EntityId | undefined;
  for (const [label, kind] of entityLabels) {
    const value = alert.labels[label]?.toLowerCase();
    if (value === undefined || value === '') continue;
    const bare = label === 'instance' ? value.replace(/:\d+$/, '') : value;
    guess ??= entityIdOf(kind, bare);
    for (const entity of topology.entities) {
      const names = [entity.id, entity.name, ...(entity.aliases ?? [])];
      if (names.some((name) => name.toLowerCase() === bare || name.toLowerCase() === value)) known.add(entity.id);
    }
  }
  if (known.size > 0) return [...known];
  return guess === undefined ? [] : [guess];
}
