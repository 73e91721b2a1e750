import { z } from 'zod';
import { topology as topologySchema } from '../../domain/entity.ts';
import { evidenceId } from '../../domain/evidence.ts';
import type { Tool } from '../tool.ts';
import { readTopology } from './read-topology.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';
import { walk } from './topology-view.ts';

const input = z.strictObject({
  entities: entitiesField,
  direction: z
    .enum(['upstream', 'downstream', 'both'])
    .default('both')
    .describe(
      'downstream: what these depend on (where a cause can lie). upstream: what depends on these (who is hit).',
    ),
  depth: z.number().int().min(1).max(20).default(3),
  window: windowField.optional(),
  evidence: z.array(evidenceId).max(50).default([]).describe('Evidence of search_traces or walk_topology to merge in.'),
  limit: z.number().int().min(1).max(2_000).default(400),
});
const output = z.object({
  topology: topologySchema,
  hops: z.record(z.string(), z.number().int()),
  truncated: z.boolean(),
});

/** Walks dependencies from some entities; without entities gives the whole topology. */
export function createWalkTopology(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'walk_topology',
    description:
      'Gives the entities and dependency edges around some entities, up to a depth, upstream or downstream, with hop counts. Without entities: the whole topology. Use it to learn who calls whom.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const window = windowOr(request.window, deps.clock);
      const { topology, from } = await readTopology(deps, window, request.evidence, signal);
      const known = new Set(topology.entities.map(({ id }) => id));
      const starts = request.entities.filter((id) => known.has(id));
      if (topology.entities.length === 0 || (request.entities.length > 0 && starts.length === 0)) {
        return {
          status: 'no-data',
          lookedAt: `${from.join(', ') || 'no topology source'}, ${windowText(window)}: ${topology.entities.length} entities`,
          hint: `${entitiesText(request.entities)} is not among them; take ids from list_services, or call search_traces and hand its evidence in.`,
        };
      }
      const reached = walk(topology, starts.length === 0 ? [...known] : starts, request.direction, request.depth).slice(
        0,
        request.limit,
      );
      const kept = new Set(reached.map(({ entity }) => entity));
      const view = {
        entities: topology.entities.filter(({ id }) => kept.has(id)),
        edges: topology.edges.filter((item) => kept.has(item.from) && kept.has(item.to)),
      };
      const edgeText = view.edges
        .slice(0, 8)
        .map((item) => `${item.from} ${item.kind} ${item.to}`)
        .join('; ');
      return {
        status: 'ok',
        output: {
          topology: view,
          hops: Object.fromEntries(reached.map(({ entity, hops }) => [entity, hops])),
          truncated: reached.length === request.limit && known.size > request.limit,
        },
        digest: `${view.entities.length} entities, ${view.edges.length} edges ${request.direction} of ${entitiesText(request.entities)}. ${edgeText}${view.edges.length > 8 ? '; …' : ''}`,
        kind: 'topology',
        source: from.join('+'),
        window,
        entities: view.entities.map(({ id }) => id),
        tainted: false,
      };
    },
  };
}
