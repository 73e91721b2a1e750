import type { EntityId } from '../../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Series } from '../../../domain/signal.ts';
import type { MetricMeaning } from './classify-metric.ts';
import { classifyMetric } from './classify-metric.ts';

/** Tells whom a series speaks of: an exporter or a supervisor speaks of others, a host exporter of its host. */
export type SubjectOf = (series: Series, meaning: MetricMeaning) => EntityId;

const told = new Set(['availability', 'restarts', 'version', 'cpu', 'memory', 'file-handles', 'disk']);
const subjectLabels = ['service', 'exported_service', 'deployment', 'workload', 'app', 'pod', 'container', 'program'];

/**
 * Reads subjects from labels: for roles of state and resources a label such as `service` or `pod` that names a known entity; for what an exporter says of its target the target, where its name is known; for processes
 * that expose host metrics the host, named by its `nodename` or `host` label or after the exporter. Everything else speaks of itself.
 */
export function createSubjects(series: readonly Series[], known: (name: string) => EntityId | undefined): SubjectOf {
  const hosts = new Map<EntityId, EntityId>();
  const seen = new Set<string>();
  for (const { entity, metric, labels } of series) {
    if (hosts.has(entity) || seen.has(`${entity}|${metric}`)) continue;
    seen.add(`${entity}|${metric}`);
    if (classifyMetric(metric).role === 'host-cpu') hosts.set(entity, hostOf(entity, labels));
  }
  return (one, meaning) => {
    if (told.has(meaning.role)) {
      for (const label of subjectLabels) {
        const value = one.labels[label];
        const subject = value === undefined ? undefined : known(value);
        if (subject !== undefined && subject !== one.entity) return subject;
      }
    }
    return hosts.get(one.entity) ?? targetOf(one.entity, meaning, known) ?? one.entity;
  };
}

/** What every process tells of itself, an exporter too. */
const ofItself = new Set(['Prometheus', 'process', 'Go', 'JVM', 'Node.js, .NET, Python, Ruby, PHP', 'OpenTelemetry']);

/** Of a metric that a table knows, told by an exporter that is called after its target: the target, where it is known. */
function targetOf(
  entity: EntityId,
  { known: row }: MetricMeaning,
  known: (name: string) => EntityId | undefined,
): EntityId | undefined {
  if (row?.technology === undefined || ofItself.has(row.technology)) return undefined;
  const name = entityNameOf(entity);
  const stem = name.replace(/[-_](metrics[-_])?exporter$/, '');
  return stem === name || stem === '' ? undefined : known(stem);
}

function hostOf(entity: EntityId, labels: Readonly<Record<string, string>>): EntityId {
  if (['host', 'node'].includes(entityKindOf(entity))) return entity;
  const name = labels['nodename'] ?? labels['node'] ?? labels['host'];
  const stem = entityNameOf(entity).replace(/[-_]?(node|host)?[-_]?exporter$/, '');
  return entityIdOf('host', name ?? (stem === '' ? 'host' : stem));
}
