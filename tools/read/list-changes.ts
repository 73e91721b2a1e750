import { z } from 'zod';
import { judgeRollouts } from '../../detection/evidence/changes/judge-rollouts.ts';
import type { Finding } from '../../domain/finding.ts';
import { finding } from '../../domain/finding.ts';
import type { Window } from '../../domain/time.ts';
import { change } from '../../domain/signal.ts';
import type { Change } from '../../domain/signal.ts';
import { createGrammarLoader } from '../../detection/evidence/changes/parse/grammars.ts';
import { grammarsFor, readChanges } from '../../detection/evidence/changes/read-changes.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { mergeTopologies } from './topology-view.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';

const listed = change.omit({ diff: true });
const input = z.strictObject({
  entities: entitiesField,
  window: windowField.optional(),
  limit: z.number().int().min(1).max(1_000).default(200),
});
const output = z.object({
  changes: z.array(listed),
  findings: z.array(finding),
  truncated: z.boolean(),
});

/** Lists changes oldest first (the newest where there are more than the limit), without diffs, and what their diffs do as findings. Titles and diffs are written by others: tainted. */
export function createListChanges(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  const loader = createGrammarLoader();
  return {
    name: 'list_changes',
    description:
      'Lists what people and machines altered in a window: deploys, commits, flags, configuration, schema; with findings that say what each diff does (a guard dropped, a pool made smaller, a call moved into a loop). Answers "what changed"; show_diff opens one.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.changes;
      if (source === undefined) return notConnected('changes', 'sources.changes');
      const window = windowOr(request.window, deps.clock, 24 * 60);
      const result = await source.list({ entities: request.entities, window, limit: request.limit }, signal);
      const where = `${entitiesText(request.entities)}, ${windowText(window)}`;
      if (result.status === 'no-data')
        return {
          ...result,
          hint: `No change of ${where}. Widen the window, or ask without entities: a change elsewhere can matter.`,
        };
      const rollouts = await judgedRollouts(deps, result.items, window, signal);
      const grammars = await loader.load(grammarsFor(result.items));
      const findings = [...readChanges(result.items, grammars), ...rollouts];
      return {
        status: 'ok',
        output: {
          changes: result.items.map(({ diff: _diff, ...rest }) => rest),
          findings,
          truncated: result.truncated,
        },
        raw: { changes: result.items, findings },
        digest: digestOf(result.items, where),
        kind: 'changes',
        source: source.name,
        window,
        entities: [...new Set(result.items.flatMap(({ entity }) => entity ?? []))].sort(),
        tainted: true,
      };
    },
  };
}

/** Rollouts under way are judged by how the new version fares beside the old one. */
async function judgedRollouts(
  { sources }: ReadDeps,
  changes: readonly Change[],
  window: Window,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (sources.metrics === undefined || !changes.some(({ kind, labels }) => kind === 'rollout' && labels?.['version']))
    return [];
  const metrics = ['*success*', '*error*', '*fail*', '*request*'];
  const query = { metrics, entities: [], window, stepMs: 0, maxSeries: 20_000 };
  const [series, topology] = await Promise.all([
    sources.metrics.query(query, signal),
    sources.topology?.read(window, signal),
  ]);
  if (series.status === 'no-data') return [];
  const known = topology?.status === 'ok' ? topology.items : [];
  return judgeRollouts(changes, { series: series.items, topology: mergeTopologies(known), at: window.to });
}

function digestOf(changes: readonly Change[], where: string): string {
  const latest = changes
    .slice(-4)
    .reverse()
    .map(
      (item) =>
        `${item.at} ${item.kind} ${item.id}${item.entity === undefined ? '' : ` of ${item.entity}`} "${item.title.slice(0, 60)}"`,
    );
  return `${changes.length} changes (${where}), newest first: ${latest.join('; ')}${changes.length > 4 ? '; …' : ''}`;
}
