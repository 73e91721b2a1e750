import { entityNameOf } from '../../domain/entity.ts';
import { type Clock, isoOf } from '../../infra/runtime/clock.ts';
import type { Reasoner } from '../../infra/runtime/reasoner.ts';
import type { Catalogue, Passage } from '../catalogue.ts';
import type { KeywordIndex, Scored, SearchScope, WeightedTerm } from '../keyword-index.ts';
import { isVisible } from '../stores/slots.ts';
import { splitWords } from '../text/split-words.ts';
import type { Neighbour, TopologyMemory } from '../topology/topology-memory.ts';
import type { VectorSpaces } from '../vector-spaces.ts';
import { explainHit, type WordStarts, wordStarts } from './explain.ts';
import { type Fused, fuse } from './fuse.ts';
import { kindFor, type QueryReading, readQuery } from './read-query.ts';
import { inOrder, rerankQuery } from './rerank.ts';
import { defaultRetrievalWeights, type RetrievalWeights } from './retrieval-weights.ts';
import { type OnPartFailed, searchPart } from './search-part.ts';
import { spread } from './spread.ts';

export interface RetrievalRequest {
  text: string;
  scope: SearchScope;
  /** Entities of the incident: passages about them or their neighbours are preferred. */
  entities: readonly string[];
  limit: number;
  /** Passages of one document that may be among the answers (2 by default). */
  ofOneDocument?: number;
  /** Passages that say the same as a better one are among the answers: for ranking documents, not for reading. */
  keepCopies?: boolean;
  signal?: AbortSignal;
}

/** A passage and why it is here. */
export interface Retrieved {
  passage: Passage;
  score: number;
  /** Its place in each search that found it. */
  places: Record<string, number>;
  /** The same in words, with the terms that it holds and the way through the topology. */
  why: string[];
  /** Addresses of passages that say the same and were left out. */
  copies: string[];
}

const depth = 200;
const passagesOfOneDocument = 2;
const neighbourHops = 2;
const mostNeighbours = 16;
const pagesOfNeighbour = 3;
/** Candidates that diversity chooses from, as a multiple of what is asked for. */
const wideness = 3;
const reranked = 12;
const rerankedCharacters = 600;

/** Hybrid retrieval: words, words widened by feedback, meaning and entities side by side, fused by rank, spread, and put in order. */
export interface Retriever {
  /** Passages best first; access is checked in every search and once more for every answer. */
  retrieve(request: RetrievalRequest): Promise<Retrieved[]>;
}

interface RetrieverDeps {
  catalogue: Catalogue;
  keywords: KeywordIndex;
  spaces: VectorSpaces;
  topology: TopologyMemory;
  clock: Clock;
  /** Told of a search that failed; the answer goes without it. */
  onFailed?: OnPartFailed;
  /** Asked to order the first passages; without one the fused order stands. */
  reasoner?: Reasoner;
}

/** A retriever over the given indexes. */
export function createRetriever(deps: RetrieverDeps, options: { weights?: RetrievalWeights } = {}): Retriever {
  const { catalogue, keywords, spaces, topology, clock } = deps;
  const weights = options.weights ?? defaultRetrievalWeights;
  const searchOf = ({ scope, signal }: RetrievalRequest) => ({
    scope,
    limit: depth,
    ...(signal === undefined ? {} : { signal }),
  });
  const byWords = async (request: RetrievalRequest) => {
    const terms = termsOf(request.text);
    const search = searchOf(request);
    const [found, titles] = await Promise.all([
      keywords.search({ terms, ...search }),
      keywords.search({ terms, field: 'title', ...search }),
    ]);
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
  const byMeaning = async (request: RetrievalRequest): Promise<Scored[]> => {
    const current = spaces.current();
    if (current === undefined) return [];
    const [vector] = await current.embedder.embed([request.text], 'query', request.signal);
    if (vector === undefined || vector.every((value) => value === 0)) return [];
    return current.store.search({ vector, ...searchOf(request) });
  };
  /** Names as wholes: `=orders-api` does not meet every page that says `api`. */
  const byNames = (names: readonly string[], request: RetrievalRequest): Promise<Scored[]> => {
    const terms = [...new Set(names.flatMap(wholeTerms))].map((term) => ({ term, weight: 1 }));
    return terms.length === 0 ? Promise.resolve([]) : keywords.search({ terms, ...searchOf(request) });
  };
  const byEntities = (names: readonly string[], request: RetrievalRequest): Promise<Scored[]> => {
    const terms = names.flatMap((name) => splitWords(name)).map((term) => ({ term, weight: 1 }));
    return terms.length === 0 ? Promise.resolve([]) : keywords.search({ terms, ...searchOf(request) });
  };
  /** Pages about what lies around the entities, nearest first; each with the way there. */
  const byNeighbours = async (names: readonly string[], request: RetrievalRequest) => {
    const paths = new Map<string, string>();
    const found: Scored[] = [];
    if (names.length === 0) return { found, paths };
    const around = { at: isoOf(clock.now()), hops: neighbourHops, limit: mostNeighbours };
    const nearby = await topology.around(names, around);
    const pages = await Promise.all(nearby.map((near) => pagesAbout(near, request)));
    for (const [index, near] of nearby.entries()) {
      for (const id of pages[index]!) {
        if (paths.has(id)) continue;
        paths.set(id, near.path);
        found.push({ id, score: 1 / (1 + near.hops) });
      }
    }
    return { found, paths };
  };
  const pagesAbout = async ({ id }: Neighbour, request: RetrievalRequest): Promise<string[]> => {
    const name = entityNameOf(id);
    const terms = wholeTerms(name).map((term) => ({ term, weight: 1 }));
    // A plain word is a name only where the page declares it or its title says it.
    const field = terms[0]?.term.startsWith('=') === true ? {} : { field: 'title' as const };
    const said = await keywords.search({ terms, ...field, ...searchOf(request), limit: pagesOfNeighbour });
    const declared = catalogue
      .passages(catalogue.about(name, pagesOfNeighbour))
      .filter(({ kind, labels }) => isVisible(kind, labels, request.scope));
    return [...new Set([...declared.map((passage) => passage.id), ...said.map((hit) => hit.id)])];
  };

  const candidatesOf = (fused: readonly Fused[], request: RetrievalRequest, preferred: string | undefined) => {
    const taken: (Fused & { passage: Passage; text: string })[] = [];
    const ofDocument = new Map<number, number>();
    for (const hit of fused) {
      if (taken.length >= request.limit * wideness) break;
      const [passage] = catalogue.passages([hit.id]);
      if (passage === undefined || !isVisible(passage.kind, passage.labels, request.scope)) continue;
      const already = ofDocument.get(passage.document) ?? 0;
      if (already >= (request.ofOneDocument ?? passagesOfOneDocument)) continue;
      ofDocument.set(passage.document, already + 1);
      const share = passage.kind === preferred ? 1 + weights.intent : 1;
      taken.push({ ...hit, score: hit.score * share, passage, text: passage.text });
    }
    // Only what the intent moved changes place.
    return preferred === undefined ? taken : taken.sort((left, right) => right.score - left.score);
  };
  const rerank = async (hits: Retrieved[], request: RetrievalRequest): Promise<Retrieved[]> => {
    if (deps.reasoner === undefined || hits.length < 2) return hits;
    const passages = hits.slice(0, reranked).map(({ passage }, index) => ({
      number: index + 1,
      place: `${passage.title} > ${passage.heading}`,
      text: passage.text.slice(0, rerankedCharacters),
    }));
    const { result } = await deps.reasoner.decide(rerankQuery({ text: request.text, passages }), request.signal);
    return [...inOrder(hits.slice(0, reranked), result), ...hits.slice(reranked)];
  };

  return {
    retrieve: async (request) => {
      const reading = readQuery(request.text, (name) => catalogue.isEntityName(name));
      const named = request.entities.map(entityNameOf);
      const parts = { signal: request.signal, onFailed: deps.onFailed };
      const [words, meaning, entities, signatures, near] = await Promise.all([
        byWords(request),
        searchPart<Scored[]>('meaning', [], (signal) => byMeaning({ ...request, signal }), parts),
        byEntities(named, request),
        byNames([...reading.signatures, ...reading.identifiers], request),
        searchPart(
          'neighbours',
          { found: [], paths: new Map<string, string>() },
          (signal) => byNeighbours([...new Set([...request.entities, ...reading.entities])], { ...request, signal }),
          parts,
        ),
      ]);
      const fused = fuse([
        { name: 'keywords', weight: weights.keywords, found: words.found },
        { name: 'titles', weight: weights.titles, found: words.titles },
        { name: 'feedback', weight: weights.feedback, found: words.widened },
        { name: 'meaning', weight: weights.meaning, found: meaning },
        { name: 'signatures', weight: weights.signatures, found: signatures },
        { name: 'entities', weight: weights.entities, found: entities },
        { name: 'neighbours', weight: weights.neighbours, found: near.found },
      ]);
      const preferred = request.scope.kinds.length === 1 ? undefined : kindFor(reading.intent);
      const candidates = candidatesOf(fused, request, preferred);
      const chosen = spread(candidates, {
        limit: request.limit,
        diversity: weights.diversity,
        keepCopies: request.keepCopies ?? false,
      });
      const said = wordsIn(request.text, reading);
      const hits = chosen.map(({ item, copies }): Retrieved => ({
        passage: item.passage,
        score: item.score,
        places: item.places,
        why: explainHit({ words: said, passage: item.passage, places: item.places, path: near.paths.get(item.id) }),
        copies: copies.map(({ passage }) => `${passage.uri}:${passage.lineFrom}-${passage.lineTo}`),
      }));
      return rerank(hits, request);
    },
  };
}

function termsOf(text: string): WeightedTerm[] {
  const counts = new Map<string, number>();
  for (const term of splitWords(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return [...counts].map(([term, count]) => ({ term, weight: 1 + Math.log(count) }));
}

/** A name as one term where it has parts, else its word. */
function wholeTerms(name: string): string[] {
  const terms = splitWords(name);
  const whole = terms.filter((term) => term.startsWith('='));
  return whole.length > 0 ? whole : terms;
}

/** The query's words as they are written, names first, each once, function words left out. */
function wordsIn(text: string, { signatures, identifiers }: QueryReading): WordStarts[] {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}_.-]*/gu) ?? [];
  const plain = words.slice(0, 200).map((word) => word.replace(/[._-]+$/, ''));
  return wordStarts([...new Set([...signatures, ...identifiers, ...plain])]);
}

/** The query with feedback terms added, scaled so that together they weigh `share` of the query's own. */
function widen(terms: readonly WeightedTerm[], added: readonly WeightedTerm[], share: number): WeightedTerm[] {
  const own = terms.reduce((sum, { weight }) => sum + weight, 0);
  const total = added.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return [...terms];
  return [...terms, ...added.map(({ term, weight }) => ({ term, weight: (weight / total) * own * share }))];
}
