import { z } from 'zod';
import { finding } from '../../domain/finding.ts';
import { window } from '../../domain/time.ts';
import { minePatterns } from '../../detection/evidence/logs/mine-patterns.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';
import { windowAcross, windowBefore } from './split-windows.ts';

const input = z.strictObject({
  entities: entitiesField,
  window: windowField.optional(),
  baseline: windowField.optional().describe('A quiet span before. Absent: as much time just before the window.'),
  limit: z.number().int().min(1).max(100_000).default(20_000).describe('Most log records to read.'),
});
const output = z.object({
  findings: z.array(finding),
  records: z.number().int(),
  baseline: window,
  truncated: z.boolean(),
});

/** Groups log lines into patterns and returns those that are new or surge against a baseline. Excerpts are written by others: tainted. */
export function createFindLogPatterns(
  deps: Pick<ReadDeps, 'sources' | 'clock'>,
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'find_log_patterns',
    description:
      'Groups the log lines of entities into patterns and returns those that are new or surging against a baseline, by level and entity, with one quoted line each. Use it to learn what services complain about; search_logs shows the lines.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.logs;
      if (source === undefined) return notConnected('logs', 'sources.logs');
      const observed = windowOr(request.window, deps.clock);
      const baseline = request.baseline ?? windowBefore(observed);
      const read = windowAcross(baseline, observed);
      const result = await source.search({ entities: request.entities, window: read, limit: request.limit }, signal);
      const where = `${entitiesText(request.entities)}, ${windowText(read)}`;
      if (result.status === 'no-data')
        return { ...result, hint: `No log lines of ${where}. Widen the window or ask for all entities.` };
      const findings = minePatterns(result.items, { baseline, observed });
      const shown = findings.slice(0, 3).map(({ statement }) => statement);
      return {
        status: 'ok',
        output: { findings, records: result.items.length, baseline, truncated: result.truncated },
        digest:
          `${findings.length} new or surging patterns in ${result.items.length} log lines (${where})${shown.length > 0 ? `: ${shown.join('; ')}` : ''}.`.slice(
            0,
            590,
          ),
        kind: 'findings',
        source: source.name,
        window: read,
        entities: [...new Set(findings.map(({ entity }) => entity))].sort(),
        tainted: true,
      };
    },
  };
}
