import { z } from 'zod';
import type { Entity } from '../../domain/entity.ts';
import { entity, entityKind, entityKindOf, entityNameOf } from '../../domain/entity.ts';
import type { Window } from '../../domain/time.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { windowField, windowOr, windowText } from './request-fields.ts';

const input = z.strictObject({
  kinds: z.array(entityKind).default([]).describe('Only these kinds; empty: every kind.'),
  name: z.string().optional().describe('Only entities whose id or alias holds this text.'),
  window: windowField.optional(),
  limit: z.number().int().min(1).max(2_000).default(500),
});
const output = z.object({ entities: z.array(entity), truncated: z.boolean() });

/** Lists what is known to exist: entities of the topology, and those that only metrics speak of. Sorted by id. */
export function createListServices(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'list_services',
    description:
      'Lists the services, databases, queues, hosts and other entities that are known, with their ids, kinds and aliases. Call it first when you do not know an entity id; all other tools take these ids.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const window = windowOr(request.window, deps.clock);
      if (deps.sources.topology === undefined && deps.sources.metrics === undefined)
        return notConnected('topology or metrics', 'sources');
      const known = await readEntities(deps, window, signal);
      const wanted = request.name?.toLowerCase();
      const matching = known.filter(
        (item) =>
          (request.kinds.length === 0 || request.kinds.includes(item.kind)) &&
          (wanted === undefined ||
            [item.id, ...(item.aliases ?? [])].some((text) => text.toLowerCase().includes(wanted))),
      );
      const sourceNames = [deps.sources.topology?.name, deps.sources.metrics?.name]
        .filter((name) => name !== undefined)
        .join('+');
      if (matching.length === 0) {
        return {
          status: 'no-data',
          lookedAt: `${sourceNames}, ${windowText(window)}: ${known.length} entities, none matches`,
          hint: known.length === 0 ? 'Try a longer window.' : 'Call again without `name` and `kinds`.',
        };
      }
      const entities = matching.slice(0, request.limit);
      return {
        status: 'ok',
        output: { entities, truncated: matching.length > entities.length },
        digest: digestOf(matching),
        kind: 'topology',
        source: sourceNames,
        window,
        entities: entities.map(({ id }) => id),
        tainted: false,
      };
    },
  };
}

/** Every entity that topology or metrics speak of in the window, by id. */
export async function readEntities(deps: ReadDeps, window: Window, signal: AbortSignal): Promise<Entity[]> {
  const found = new Map<string, Entity>();
  const [topology, metrics] = await Promise.all([
    deps.sources.topology?.read(window, signal),
    deps.sources.metrics?.list(window, signal),
  ]);
  if (topology?.status === 'ok') {
    for (const part of topology.items)
      for (const item of part.entities) found.set(item.id, { ...found.get(item.id), ...item });
  }
  if (metrics?.status === 'ok') {
    for (const id of metrics.items.flatMap((item) => item.entities)) {
      if (!found.has(id)) found.set(id, { id, kind: entityKindOf(id), name: entityNameOf(id) });
    }
  }
  return [...found.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}

function digestOf(entities: Entity[]): string {
  const byKind = new Map<string, string[]>();
  for (const item of entities) byKind.set(item.kind, [...(byKind.get(item.kind) ?? []), item.name]);
  const parts = [...byKind].map(
    ([kind, names]) => `${names.length} ${kind}: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`,
  );
  return `${entities.length} entities. ${parts.join('; ')}.`;
}
