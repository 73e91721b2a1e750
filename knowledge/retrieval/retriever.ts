import { entityNameOf } from '../../domain/entity.ts';
import type { Catalogue, Passage } from '../catalogue.ts';
import type { KeywordIndex, SearchScope, WeightedTerm } from '../keyword-index.ts';
import { isVisible } from '../stores/slots.ts';
import { splitWords } from '../text/split-words.ts';
import type { VectorSpaces } from '../vector-spaces.ts';
import { type Fused, fuse } from './fuse.ts';

export interface RetrievalRequest {
  text: string;
  scope: SearchScope;
  /** Entities of the incident: passages about them or their neighbours are preferred. */
  entities: readonly string[];
  limit: number;
  /** Passages of one document that may be among the answers (2 by default). */
  ofOneDocument?: number;
  signal?: AbortSignal;
}

/** A passage and why it is here: its place in each search that found it. */
export interface Retrieved {
  passage: Passage;
  score: number;
  places: Record<string, number>;
}

/** Share of each search in the fusion, and how feedback widens the query. */
export interface RetrievalWeights {
  keywords: number;
  titles: number;
  feedback: number;
  meaning: number;
  entities: number;
  /** Passages that feedback learns from, terms that it adds and what they weigh beside the query's own. */
  feedbackPassages: number;
  feedbackTerms: number;
  feedbackShare: number;
}

export const defaultRetrievalWeights: RetrievalWeights = {
  keywords: 1,
  titles: 0.5,
  feedback: 0.25,
  meaning: 0.5,
  entities: 0.4,
  feedbackPassages: 8,
  feedbackTerms: 24,
  feedbackShare: 0.4,
};

const depth = 200;
const passagesOfOneDocument = 2;

/** Hybrid retrieval: words, words widened by feedback, meaning and entities side by side, fused by rank. */
export interface Retriever {
  retrieve(request: RetrievalRequest): Promise<Retrieved[]>;
}

/** A retriever over the given indexes. */
export function createRetriever(
  deps: { catalogue: Catalogue; keywords: KeywordIndex; spaces: VectorSpaces },
  options: { weights?: RetrievalWeights } = {},
): Retriever {
  const { catalogue, keywords, spaces } = deps;
  const weights = options.weights ?? defaultRetrievalWeights;
  const byWords = async ({ text, scope, signal }: RetrievalRequest) => {
    const terms = termsOf(text);
    const search = { scope, limit: depth, ...(signal === undefined ? {} : { signal }) };
    const found = await keywords.search({ terms, ...search });
    const titles = await keywords.search({ terms, field: 'title', ...search });
    // Among few hits the first ones are no sample of what is meant.
    const like = found.slice(0, Math.min(weights.feedbackPassages, Math.floor(found.length / 8))).map(({ id }) => id);
    if (like.length === 0) return { found, titles, widened: [] };
    const added = await keywords.distinctiveTerms(like, weights.feedbackTerms);
    return {
      found,
      titles,
      widened: await keywords.search({ terms: widen(terms, added, weights.feedbackShare), ...search }),
    };
  };
  const byMeaning = async ({ text, scope, signal }: RetrievalRequest) => {
    const current = spaces.current();
    if (current === undefined) return [];
    const [vector] = await current.embedder.embed([text], 'query', signal);
    if (vector === undefined || vector.every((value) => value === 0)) return [];
    return current.store.search({ vector, scope, limit: depth, ...(signal === undefined ? {} : { signal }) });
  };
  const byEntities = ({ entities, scope, signal }: RetrievalRequest) => {
    const terms = entities.flatMap((id) => splitWords(entityNameOf(id))).map((term) => ({ term, weight: 1 }));
    if (terms.length === 0) return [];
    return keywords.search({ terms, scope, limit: depth, ...(signal === undefined ? {} : { signal }) });
  };
  return {
    retrieve: async (request) => {
      const [words, meaning, entities] = await Promise.all([byWords(request), byMeaning(request), byEntities(request)]);
      const fused = fuse([
        { name: 'keywords', weight: weights.keywords, found: words.found },
        { name: 'titles', weight: weights.titles, found: words.titles },
        { name: 'feedback', weight: weights.feedback, found: words.widened },
        { name: 'meaning', weight: weights.meaning, found: meaning },
        { name: 'entities', weight: weights.entities, found: entities },
      ]);
      return assemble(fused, catalogue, request);
    },
  };
}

function termsOf(text: string): WeightedTerm[] {
  const counts = new Map<string, number>();
  for (const term of splitWords(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return [...counts].map(([term, count]) => ({ term, weight: 1 + Math.log(count) }));
}

/** The query with feedback terms added, scaled so that together they weigh `share` of the query's own. */
function widen(terms: readonly WeightedTerm[], added: readonly WeightedTerm[], share: number): WeightedTerm[] {
  const own = terms.reduce((sum, { weight }) => sum + weight, 0);
  const total = added.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return [...terms];
  return [...terms, ...added.map(({ term, weight }) => ({ term, weight: (weight / total) * own * share }))];
}

/** Looks passages up, best first; access is checked here once more, whatever the index said. At most two of one document. */
function assemble(fused: readonly Fused[], catalogue: Catalogue, request: RetrievalRequest): Retrieved[] {
  const taken: Retrieved[] = [];
  const ofDocument = new Map<number, number>();
  for (const { id, score, places } of fused) {
    if (taken.length >= request.limit) break;
    const [passage] = catalogue.passages([id]);
    if (passage === undefined || !isVisible(passage.kind, passage.labels, request.scope)) continue;
    const already = ofDocument.get(passage.document) ?? 0;
    if (already >= (request.ofOneDocument ?? passagesOfOneDocument)) continue;
    ofDocument.set(passage.document, already + 1);
    taken.push({ passage, score, places });
  }
  return taken;
}
