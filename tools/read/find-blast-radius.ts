import { z } from 'zod';
import { entityId } from '../../domain/entity.ts';
import { evidenceId } from '../../domain/evidence.ts';
import { finding } from '../../domain/finding.ts';
import type { Tool } from '../tool.ts';
import { readTopology } from './read-topology.ts';
import type { ReadDeps } from './read-deps.ts';
import { windowField, windowOr, windowText } from './request-fields.ts';
import { walk } from './topology-view.ts';

const affected = z.object({
  entity: entityId,
  hops: z.number().int(),
  path: z.array(entityId),
  /** Whether findings of the evidence handed in show that it is hit; absent when no findings were handed in. */
  seen: z.boolean().optional(),
  /** Who owns it, where a catalogue or CODEOWNERS says so. */
  owner: z.string().optional(),
});
const input = z.strictObject({
  entity: entityId.describe('The entity whose fault may spread.'),
  window: windowField.optional(),
  depth: z.number().int().min(1).max(20).default(10),
  evidence: z
    .array(evidenceId)
    .max(50)
    .default([])
    .describe(
      'Evidence of find_anomalies and others: tells those that are hit from those that only could be; spans and topologies in it are merged in.',
    ),
});
const output = z.object({ affected: z.array(affected), external: z.number().int() });
const findings = z.object({ findings: z.array(finding) });

/** Who can be hit by a fault of an entity: everything that depends on it, directly or not, and who is seen to be hit. */
export function createFindBlastRadius(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'find_blast_radius',
    description:
      'Lists everything that depends on an entity, directly or through others, nearest first with the path; with evidence of findings it says who shows symptoms. Answers "who is affected".',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const window = windowOr(request.window, deps.clock);
      const { topology, from } = await readTopology(deps, window, request.evidence, signal);
      if (!topology.entities.some(({ id }) => id === request.entity)) {
        return {
          status: 'no-data',
          lookedAt: `${from.join(', ') || 'no topology source'}, ${windowText(window)}: no ${request.entity}`,
          hint: 'Take the id from list_services.',
        };
      }
      const owners = new Map(topology.entities.map(({ id, labels }) => [id, labels?.['owner']]));
      const ownerOf = (id: string): { owner?: string } => {
        const owner = owners.get(id);
        return owner === undefined ? {} : { owner };
      };
      const hit = hitEntities(deps, request.evidence);
      const list = walk(topology, [request.entity], 'upstream', request.depth)
        .slice(1)
        .map((item) => ({
          ...item,
          ...ownerOf(item.entity),
          ...(hit === undefined ? {} : { seen: hit.has(item.entity) }),
        }));
      const names = list
        .slice(0, 8)
        .map(({ entity, hops, owner }) => `${entity} (${hops}${owner === undefined ? '' : `, of ${owner}`})`)
        .join(', ');
      const seen =
        hit === undefined ? '' : ` ${list.filter((item) => 'seen' in item && item.seen).length} show symptoms.`;
      return {
        status: 'ok',
        output: { affected: list, external: list.filter(({ entity }) => entity.startsWith('external:')).length },
        digest:
          list.length === 0
            ? `Nothing known depends on ${request.entity}.`
            : `${list.length} entities depend on ${request.entity} (hops): ${names}.${seen}`,
        kind: 'topology',
        source: from.join('+'),
        window,
        entities: [request.entity, ...list.map(({ entity }) => entity)],
        tainted: false,
      };
    },
  };
}

function hitEntities(deps: ReadDeps, ids: readonly string[]): Set<string> | undefined {
  let hit: Set<string> | undefined;
  for (const id of ids) {
    const parsed = findings.safeParse(deps.evidence.get(id) === undefined ? undefined : deps.evidence.raw(id));
    if (!parsed.success) continue;
    hit ??= new Set();
    for (const item of parsed.data.findings) if (item.kind !== 'change') hit.add(item.entity);
  }
  return hit;
}
