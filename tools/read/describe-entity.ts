import { z } from 'zod';
import { edge, entity, entityId } from '../../domain/entity.ts';
import { change, metricType } from '../../domain/signal.ts';
import { signalRole } from '../../domain/finding.ts';
import { classifyMetric } from '../../detection/evidence/signals/classify-metric.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import type { Tool } from '../tool.ts';
import { readEntities } from './list-services.ts';
import { readTopology } from './read-topology.ts';
import type { ReadDeps } from './read-deps.ts';
import { windowField, windowOr, windowText } from './request-fields.ts';

const described = z.object({
  metric: z.string(),
  type: metricType,
  role: signalRole,
  help: z.string().optional(),
  unit: z.string().optional(),
});
const input = z.strictObject({ entity: entityId, window: windowField.optional() });
const output = z.object({
  entity,
  dependsOn: z.array(edge),
  dependents: z.array(edge),
  metrics: z.array(described),
  changes: z.array(change.omit({ diff: true })),
  truncated: z.boolean(),
});

/** What is known of one entity: its neighbours, metrics with their roles, and recent changes (24 hours up to the window's end). */
export function createDescribeEntity(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'describe_entity',
    description:
      'Says what is known of one entity: what it depends on, what depends on it, which metrics it has and what they measure, and its changes of the last day. Use it before querying to learn metric names.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const window = windowOr(request.window, deps.clock);
      const day = { from: isoOf(Date.parse(window.to) - 86_400_000), to: window.to };
      const [known, { topology, from }, metrics, changes] = await Promise.all([
        readEntities(deps, window, signal),
        readTopology(deps, window, [], signal),
        deps.sources.metrics?.list(window, signal),
        deps.sources.changes?.list({ entities: [request.entity], window: day, limit: 20 }, signal),
      ]);
      const found = known.find(
        ({ id, aliases }) => id === request.entity || aliases?.includes(request.entity) === true,
      );
      if (found === undefined) {
        return {
          status: 'no-data',
          lookedAt: `${known.length} known entities, ${windowText(window)}`,
          hint: `No ${request.entity}; take an id from list_services.`,
        };
      }
      const own = metrics?.status === 'ok' ? metrics.items.filter(({ entities }) => entities.includes(found.id)) : [];
      const recent =
        changes?.status === 'ok'
          ? changes.items.filter(({ entity }) => entity === found.id).map(({ diff: _diff, ...rest }) => rest)
          : [];
      const dependsOn = topology.edges.filter((item) => item.from === found.id);
      const dependents = topology.edges.filter((item) => item.to === found.id);
      const shown = own
        .slice(0, 200)
        .map(({ entities: _entities, ...rest }) => ({ ...rest, role: classifyMetric(rest.metric, rest.unit).role }));
      const roles = [...new Set(shown.map(({ role }) => role))].filter((role) => role !== 'other');
      const sources = [...new Set([...from, deps.sources.metrics?.name, deps.sources.changes?.name])].filter(
        (name) => name !== undefined,
      );
      return {
        status: 'ok',
        output: {
          entity: found,
          dependsOn,
          dependents,
          metrics: shown,
          changes: recent,
          truncated: own.length > shown.length,
        },
        digest: `${found.id} (${found.kind}) depends on ${listed(dependsOn.map(({ to }) => to))}; needed by ${listed(dependents.map((item) => item.from))}; ${own.length} metrics (${roles.join(', ') || 'no known roles'}); ${recent.length} changes in 24 h.`,
        kind: 'topology',
        source: sources.join('+'),
        window,
        entities: [found.id],
        tainted: recent.length > 0,
      };
    },
  };
}

function listed(ids: readonly string[]): string {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return 'nothing known';
  return unique.length > 6 ? `${unique.slice(0, 6).join(', ')} and ${unique.length - 6} more` : unique.join(', ');
}
