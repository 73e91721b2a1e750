import type { Resource } from '../../../../domain/signal.ts';
import type { KubectlContext } from './kubectl-context.ts';
import { parseDescribe } from './parse-describe.ts';
import { parseEventTable } from './parse-events.ts';
import { parseManifest } from './parse-manifest.ts';
import { parseTable } from './parse-table.ts';

/**
 * Reads what kubectl printed about a kind (`get` tables, wide or with labels, `describe`, `-o yaml`, `-o json`, event lists) as objects in the
 * shape of the API, so that the same checks run on them as on live objects. Views of one object are partial: join them with `mergeResources`.
 * Text of no known form gives nothing. Never throws.
 */
export function parseKubectl(kind: string, text: string, context: KubectlContext): Resource[] {
  if (/^\s*(apiVersion|kind):/m.test(text) || text.trimStart().startsWith('{')) return parseManifest(text, context);
  if (kind === 'Event') return parseEventTable(text, context);
  if (/^Name:\s/m.test(text)) return parseDescribe(kind, text, context);
  return parseTable(kind, text, context);
}
