import { z } from 'zod';
import { entityId, topology as topologySchema } from '../../domain/entity.ts';
import type { Topology } from '../../domain/entity.ts';
import { evidenceId } from '../../domain/evidence.ts';
import { instant } from '../../domain/time.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import {
  dependencyPath,
  diffTopology,
  singlePointsOfFailure,
  type TopologyDifference,
} from '../../knowledge/topology/analyse-topology.ts';
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
  to: entityId.optional().describe('Gives the shortest chain of dependencies from the first entity to this one.'),
  since: instant
    .optional()
    .describe('Gives what came and went between this instant and the window, by what each span of time showed.'),
  weakPoints: z
    .boolean()
    .default(false)
    .describe('Gives the entities whose loss cuts others off, with how many depend on each.'),
});
const output = z.object({
  topology: topologySchema,
  hops: z.record(z.string(), z.number().int()),
  truncated: z.boolean(),
  /** Who owns what, where a catalogue or CODEOWNERS says so. */
  owners: z.record(z.string(), z.string()).optional(),
  path: z.array(entityId).optional(),
  changes: z
    .object({
      entitiesAdded: z.array(z.string()),
      entitiesRemoved: z.array(z.string()),
      edgesAdded: z.array(z.string()),
      edgesRemoved: z.array(z.string()),
    })
    .optional(),
  weakPoints: z.array(z.object({ id: entityId, dependents: z.number().int() })).optional(),
});

/** Walks dependencies from some entities; without entities gives the whole topology. */
export function createWalkTopology(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'walk_topology',
    description:
      'Gives the entities and dependency edges around some entities, up to a depth, upstream or downstream, with hop counts. Without entities: the whole topology. Also owners, the chain of dependencies to another entity, what changed since an instant, and weak points. Use it to learn who calls whom.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const window = windowOr(request.window, deps.clock);
      const { topology, from } = await readTopology(deps, window, request.evidence, signal);
      const topologyAt = async (to: string): Promise<Topology> => {
        const length = Date.parse(window.to) - Date.parse(window.from);
        const before = { from: isoOf(Date.parse(to) - length), to };
        return (await readTopology(deps, before, [], signal)).topology;
      };
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
      const more = {
        ...ownersIn(view),
        ...(request.to === undefined ? {} : { path: dependencyPath(topology, starts[0] ?? '', request.to) ?? [] }),
        ...(request.since === undefined
          ? {}
          : { changes: among(diffTopology(await topologyAt(request.since), topology), kept, request.entities) }),
        ...(request.weakPoints
          ? {
              weakPoints: singlePointsOfFailure(topology)
                .filter(({ id }) => kept.has(id))
                .slice(0, mostWeakPoints),
            }
          : {}),
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
          ...more,
        },
        digest:
          `${view.entities.length} entities, ${view.edges.length} edges ${request.direction} of ${entitiesText(request.entities)}. ${edgeText}${view.edges.length > 8 ? '; …' : ''}${told(more)}`.slice(
            0,
            longestDigest,
          ),
        kind: 'topology',
        source: from.join('+'),
        window,
        entities: view.entities.map(({ id }) => id),
        tainted: false,
      };
    },
  };
}

const mostWeakPoints = 20;
const longestDigest = 590;

interface More {
  owners?: Record<string, string>;
  path?: string[];
  changes?: TopologyDifference;
  weakPoints?: { id: string; dependents: number }[];
}

function ownersIn({ entities }: Topology): Pick<More, 'owners'> {
  const owners = entities.flatMap(({ id, labels }) => (labels?.['owner'] === undefined ? [] : [[id, labels['owner']]]));
  return owners.length === 0 ? {} : { owners: Object.fromEntries(owners) };
}

/** The changes that touch what was walked; all of them where nothing was named. */
function among(changes: TopologyDifference, kept: ReadonlySet<string>, named: readonly string[]): TopologyDifference {
  if (named.length === 0) return changes;
  const near = (edge: string): boolean => edge.split(' ').some((part) => kept.has(part));
  const gone = new Set(changes.edgesRemoved.filter(near).flatMap((edge) => edge.split(' ')));
  return {
    entitiesAdded: changes.entitiesAdded.filter((id) => kept.has(id)),
    entitiesRemoved: changes.entitiesRemoved.filter((id) => gone.has(id)),
    edgesAdded: changes.edgesAdded.filter(near),
    edgesRemoved: changes.edgesRemoved.filter(near),
  };
}

function told({ owners, path, changes, weakPoints }: More): string {
  return [
    ...(owners === undefined
      ? []
      : [
          `Owners: ${Object.entries(owners)
            .slice(0, 4)
            .map(([id, owner]) => `${id} by ${owner}`)
            .join(', ')}.`,
        ]),
    ...(path === undefined ? [] : [path.length === 0 ? 'No chain leads there.' : `Chain: ${path.join(' → ')}.`]),
    ...(changes === undefined
      ? []
      : [
          `Since then: ${changes.edgesAdded.length} edges came (${changes.edgesAdded.slice(0, 3).join('; ')}), ${changes.edgesRemoved.length} went (${changes.edgesRemoved.slice(0, 3).join('; ')}).`,
        ]),
    ...(weakPoints === undefined
      ? []
      : [
          `Weak points: ${
            weakPoints
              .slice(0, 4)
              .map(({ id, dependents }) => `${id} (${dependents})`)
              .join(', ') || 'none'
          }.`,
        ]),
  ]
    .map((part) => ` ${part}`)
    .join('');
}
