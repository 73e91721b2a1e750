import { entitiesOfAlert } from '../bots/alerts/alert-entities.ts';
import type { EntityId, Topology } from '../domain/entity.ts';
import { entityKindOf } from '../domain/entity.ts';
import type { Alert } from '../domain/question.ts';
import type { FiredAlert } from '../domain/signal.ts';
import { msOf } from '../infra/runtime/clock.ts';
import type { Investigations } from '../tools/investigations.ts';
import type { AlertSource, TopologySource } from '../tools/sources/source.ts';

/** Most incidents that are remembered for what is usual. */
const mostIncidents = 500;
/** What an alert is about when its labels name several: the narrower tells more. */
const narrowest = ['pod', 'container', 'node', 'host'];

/** The alerts of this product's own incidents as a source: each investigation is one, its alerts placed by their labels. */
export function createAlertHistory(
  investigations: Pick<Investigations, 'list'>,
  topology: TopologySource | undefined,
): AlertSource {
  return {
    name: 'own incidents',
    list: async (window, signal) => {
      const known = await topology?.read(window, signal);
      const map: Topology = (known?.status === 'ok' ? known.items[0] : undefined) ?? { entities: [], edges: [] };
      const [from, to] = [msOf(window.from), msOf(window.to)];
      const items = investigations
        .list(mostIncidents)
        .flatMap(({ id, alerts }) => alerts.flatMap((alert) => firedOf(id, alert, map)))
        .filter(({ at }) => msOf(at) >= from && msOf(at) < to)
        .sort((left, right) => msOf(left.at) - msOf(right.at));
      return items.length === 0
        ? { status: 'no-data', lookedAt: 'own incidents: no alert fired then' }
        : { status: 'ok', items, truncated: false, notes: [] };
    },
  };
}

function firedOf(incident: string, alert: Alert, topology: Topology): FiredAlert[] {
  const entities = entitiesOfAlert(alert, topology);
  const entity: EntityId | undefined = entities.find((id) => narrowest.includes(entityKindOf(id))) ?? entities[0];
  if (entity === undefined) return [];
  return [{ at: alert.startsAt, incident, entity, source: 'metric', name: alert.name }];
}
