import type { Catalogue } from './catalogue.ts';
import { keywordEntryOf } from './indexed-text.ts';
import type { KeywordIndex } from './keyword-index.ts';
import type { VectorSpaces } from './vector-spaces.ts';

/** Brings the indexes in line with the catalogue; what a kill left undone is done by the next call. */
export interface Indexer {
  indexPending(signal?: AbortSignal): Promise<void>;
}

const documentsAtOnce = 64;

/** An indexer over a keyword index and the current vector space. */
export function createIndexer(deps: { catalogue: Catalogue; keywords: KeywordIndex; spaces: VectorSpaces }): Indexer {
  const { catalogue, keywords, spaces } = deps;
  return {
    indexPending: async (signal) => {
      for (;;) {
        signal?.throwIfAborted();
        const { documents, passages } = catalogue.pending(documentsAtOnce);
        const stale = catalogue.stale();
        if (documents.length === 0 && stale.length === 0) return;
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
