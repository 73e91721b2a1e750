import type { KnowledgeKind } from './chunk.ts';
import type { Scored, SearchScope } from './keyword-index.ts';

/** A passage's place in an embedder's space; unit length. */
export interface VectorEntry {
  id: string;
  kind: KnowledgeKind;
  labels: readonly string[];
  vector: Float32Array;
}

/**
 * Finds the nearest passages by cosine (vectors have unit length, scores lie in [-1, 1]). One store holds one space: one embedder in one
 * version. Otherwise as `KeywordIndex`. A vector of another length is refused with INPUT_INVALID.
 */
export interface VectorStore {
  name: string;
  /** Name and version of the embedder whose vectors these are. */
  space: string;
  dimensions: number;
  upsert(entries: readonly VectorEntry[]): Promise<void>;
  delete(ids: readonly string[]): Promise<void>;
  search(query: {
    vector: Float32Array;
    scope: SearchScope;
    limit: number;
    offset?: number;
    signal?: AbortSignal;
  }): Promise<Scored[]>;
  /** Entries with ids after `after` in their order, for moving and checking. */
  entries(after: string, limit: number): Promise<VectorEntry[]>;
  count(): Promise<number>;
  /** Removes the whole space. */
  drop(): Promise<void>;
  close(): Promise<void>;
}
