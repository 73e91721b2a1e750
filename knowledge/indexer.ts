import { type Clock, isoOf } from '../infra/runtime/clock.ts';
import type { Catalogue } from './catalogue.ts';
import { keywordEntryOf } from './indexed-text.ts';
import type { KeywordIndex } from './keyword-index.ts';
import type { TopologyMemory } from './topology/topology-memory.ts';
import type { VectorSpaces } from './vector-spaces.ts';

/** Brings the indexes in line with the catalogue; what a kill left undone is done by the next call. */
export interface Indexer {
  indexPending(signal?: AbortSignal): Promise<void>;
}

const documentsAtOnce = 64;

/** An indexer over a keyword index, the current vector space and the topology. */
export function createIndexer(deps: {
  catalogue: Catalogue;
  keywords: KeywordIndex;
  spaces: VectorSpaces;
  topology: TopologyMemory;
  clock: Clock;
}): Indexer {
  const { catalogue, keywords, spaces, topology, clock } = deps;
  return {
    indexPending: async (signal) => {
      for (;;) {
        signal?.throwIfAborted();
        const { documents, passages, statements } = catalogue.pending(documentsAtOnce);
        const stale = catalogue.stale();
        const silenced = catalogue.staleStatements();
        if (documents.length + stale.length + silenced.length === 0) return;
        const now = isoOf(clock.now());
        for (const { saidBy, topology: said } of statements) await topology.state(saidBy, said, now);
        for (const saidBy of silenced) await topology.state(saidBy, { entities: [], edges: [] }, now);
        catalogue.settleStatements(silenced);
        await keywords.upsert(passages.map(keywordEntryOf));
        await spaces.upsert(passages, signal);
        if (stale.length > 0) {
          await keywords.delete(stale);
          await spaces.delete(stale);
        }
        catalogue.settle(documents, stale);
      }
    },
  };
}
