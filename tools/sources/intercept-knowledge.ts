import type { KnowledgeForesight, KnowledgeHit, KnowledgeSearch } from '../knowledge-search.ts';
import type { Interceptor } from './intercept-sources.ts';
import type { SourceResult } from './source.ts';

/** The same search with every call led through the interceptor, so that what a run was told by the team's knowledge is recorded and replayed too. */
export function interceptKnowledge(knowledge: KnowledgeSearch, intercept: Interceptor): KnowledgeSearch {
  return {
    name: knowledge.name,
    search: async (request, signal) => {
      const call = { source: 'knowledge' as const, method: 'search', request: { ...request } };
      const result = await intercept(call, async (): Promise<SourceResult<KnowledgeHit>> => {
        const items = await knowledge.search(request, signal);
        return { status: 'ok', items, truncated: false, notes: [] };
      });
      return result.status === 'ok' ? result.items : [];
    },
    ...(knowledge.foresee === undefined
      ? {}
      : {
          foresee: async (request, signal) => {
            const call = { source: 'knowledge' as const, method: 'foresee', request: { ...request } };
            const result = await intercept(call, async (): Promise<SourceResult<KnowledgeForesight>> => {
              const foresight = await knowledge.foresee!(request, signal);
              return { status: 'ok', items: foresight === undefined ? [] : [foresight], truncated: false, notes: [] };
            });
            return result.status === 'ok' ? result.items[0] : undefined;
          },
        }),
  };
}
