import { z } from 'zod';
import { change } from '../../domain/signal.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';

const longestDiff = 20_000;

const input = z.strictObject({ change: z.string().min(1).describe('Id of a change, as list_changes gives it.') });
const output = z.object({ change, truncated: z.boolean() });

/** Shows one change with its diff, cut at 20,000 characters. Written by others: always tainted. */
export function createShowDiff(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'show_diff',
    description:
      'Shows one change (deploy, commit, flag, config) with its full diff and files, by the id from list_changes.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.changes;
      if (source === undefined) return notConnected('changes', 'sources.changes');
      const result = await source.show(request.change, signal);
      const found = result.status === 'ok' ? result.items[0] : undefined;
      if (found === undefined) {
        const lookedAt = result.status === 'no-data' ? result.lookedAt : `${source.name}, change ${request.change}`;
        return { status: 'no-data', lookedAt, hint: 'Take an id from list_changes.' };
      }
      const diff = found.diff ?? '';
      const truncated = diff.length > longestDiff;
      const added = countLines(diff, '+');
      const removed = countLines(diff, '-');
      return {
        status: 'ok',
        output: { change: truncated ? { ...found, diff: diff.slice(0, longestDiff) } : found, truncated },
        raw: found,
        digest: `${found.kind} ${found.id} at ${found.at}${found.entity === undefined ? '' : ` of ${found.entity}`}: "${found.title.slice(0, 160)}", ${found.files?.length ?? 0} files, +${added} -${removed} lines.`,
        kind: 'changes',
        source: source.name,
        entities: found.entity === undefined ? [] : [found.entity],
        tainted: true,
      };
    },
  };
}

function countLines(diff: string, sign: '+' | '-'): number {
  return diff.split('\n').filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length;
}
