import type { Redactor } from '../infra/runtime/redact.ts';
import { interceptSources } from '../tools/sources/intercept-sources.ts';
import type { Sources } from '../tools/sources/source.ts';

/**
 * The same sources with every secret replaced before any tool sees it, so that none can reach an answer, a capsule or a model. Of metrics only
 * the labels hold text; their samples are left as they are.
 */
export function redactSources(sources: Sources, redactor: Redactor): Sources {
  return interceptSources(sources, async (call, run) => {
    const result = await run();
    if (result.status !== 'ok') return result;
    if (call.source === 'metrics' && call.method !== 'alerts')
      return { ...result, items: result.items.map((item) => redactLabels(item, redactor)) };
    return redactor.redactValue(result);
  });
}

function redactLabels<T>(item: T, redactor: Redactor): T {
  if (item === null || typeof item !== 'object' || !('labels' in item)) return item;
  return { ...item, labels: redactor.redactValue(item.labels) };
}
