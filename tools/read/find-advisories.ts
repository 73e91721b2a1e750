import { z } from 'zod';
import { advisory } from '../../domain/signal.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText } from './request-fields.ts';

const worstFirst = ['critical', 'high', 'medium', 'low', 'unknown'];

const input = z.strictObject({ entities: entitiesField, limit: z.number().int().min(1).max(1_000).default(200) });
const output = z.object({
  advisories: z.array(advisory),
  total: z.number().int(),
  bySeverity: z.record(z.string(), z.number()),
  truncated: z.boolean(),
});

/** Known advisories of declared dependencies, worst first. Summaries are written by others: tainted. */
export function createFindAdvisories(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'find_advisories',
    description:
      'Lists known vulnerabilities of the dependencies that services declare, worst first, with the version that fixes each.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.advisories;
      if (source === undefined) return notConnected('advisories', 'sources.advisories');
      const result = await source.list(request.entities, signal);
      if (result.status === 'no-data')
        return {
          ...result,
          hint: 'No advisory is known for the declared dependencies; undeclared ones cannot be seen.',
        };
      const sorted = result.items.toSorted(
        (left, right) =>
          worstFirst.indexOf(left.severity) - worstFirst.indexOf(right.severity) || (left.id < right.id ? -1 : 1),
      );
      const advisories = sorted.slice(0, request.limit);
      const bySeverity: Record<string, number> = {};
      for (const { severity } of sorted) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
      const counts = Object.entries(bySeverity)
        .map(([severity, count]) => `${count} ${severity}`)
        .join(', ');
      const first = advisories
        .slice(0, 4)
        .map(
          (item) =>
            `${item.id} ${item.package} ${item.installed}${item.fixedIn === undefined ? ', no fix known' : `, fixed in ${item.fixedIn}`}`,
        );
      return {
        status: 'ok',
        output: {
          advisories,
          total: sorted.length,
          bySeverity,
          truncated: result.truncated || sorted.length > advisories.length,
        },
        raw: { advisories: sorted },
        digest: `${sorted.length} advisories for ${entitiesText(request.entities)}: ${counts}. ${first.join('; ')}.`,
        kind: 'advisories',
        source: source.name,
        entities: request.entities,
        tainted: true,
      };
    },
  };
}
