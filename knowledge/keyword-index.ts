import type { KnowledgeKind } from './chunk.ts';

/** Who asks and for what: entries of other kinds, or with a label that the asker lacks, do not exist for this search. */
export interface SearchScope {
  /** Empty means all kinds. */
  kinds: readonly KnowledgeKind[];
  labels: readonly string[];
}

/** What is found, best first; a tie goes to the lower id. */
export interface Scored {
  id: string;
  score: number;
}

/** An index term (see `splitWords`) and how much it counts. */
export interface WeightedTerm {
  term: string;
  weight: number;
}

/** One passage, its fields already split into index terms, so that every variant searches the same words. */
export interface KeywordEntry {
  id: string;
  kind: KnowledgeKind;
  labels: readonly string[];
  title: readonly string[];
  headings: readonly string[];
  body: readonly string[];
}

/**
 * Ranks passages by the words they share with a query. `upsert` replaces entries of the same id and is visible when its promise resolves;
 * deleting what is not there is no error. `search` never reveals, not by a count either, what lies outside the scope.
 */
export interface KeywordIndex {
  name: string;
  upsert(entries: readonly KeywordEntry[]): Promise<void>;
  delete(ids: readonly string[]): Promise<void>;
  search(query: {
    terms: readonly WeightedTerm[];
    /** `title` ranks by how much of a title the query covers; the default weighs all fields. */
    field?: 'title';
    scope: SearchScope;
    limit: number;
    offset?: number;
    signal?: AbortSignal;
  }): Promise<Scored[]>;
  /** The terms that set these entries apart from the rest, strongest first: what relevance feedback adds to a query. */
  distinctiveTerms(ids: readonly string[], limit: number): Promise<WeightedTerm[]>;
  /** All ids after `after` in their order, for moving and checking. */
  ids(after: string, limit: number): Promise<string[]>;
  count(): Promise<number>;
  close(): Promise<void>;
}
