import { entityIdOf, entityKindOf, entityNameOf } from '../../domain/entity.ts';
import type { EntityId } from '../../domain/entity.ts';

/** Which labels of a back end name the entity that something belongs to, the most telling first. */
export interface EntityLabels {
  /** The entity that labels speak of; `other:unknown` when none of the known labels is there. */
  entityOf: (labels: Readonly<Record<string, unknown>>) => EntityId;
  /** Label values that can mean one of the entities. */
  namesOf: (entities: readonly EntityId[]) => string[];
  labels: readonly string[];
}

/** Default labels fit Prometheus and Kubernetes habits. Pods are `pod:<namespace>/<name>` only when nothing names a service. */
export function createEntityLabels(labels: readonly string[] = ['service', 'app', 'job']): EntityLabels {
  const kinds: Readonly<Record<string, 'pod' | 'node' | 'host'>> = {
    pod: 'pod',
    node: 'node',
    host: 'host',
    instance: 'host',
  };
  return {
    labels,
    entityOf: (held) => {
      for (const label of labels) {
        const value = held[label];
        if (typeof value !== 'string' || value === '') continue;
        const kind = kinds[label] ?? 'service';
        const namespace = held['namespace'];
        return kind === 'pod' && typeof namespace === 'string'
          ? entityIdOf(kind, value, namespace)
          : entityIdOf(kind, value);
      }
      return entityIdOf('other', 'unknown');
    },
    namesOf: (entities) => [
      ...new Set(entities.filter((id) => entityKindOf(id) !== 'external').map((id) => entityNameOf(id))),
    ],
  };
}
