import type { Topology } from '../domain/entity.ts';

/** What a passage belongs to, as the tools on top tell apart. */
export type KnowledgeKind = 'runbook' | 'incident' | 'document';

/** A document as a reader of some format gives it: a title and sections in order, with the lines they stand on (from 1). */
export interface SourceDocument {
  /** Stable address: relative path in its source, or a URL. Unique within the source. */
  uri: string;
  title: string;
  kind: KnowledgeKind;
  /** Access labels: whoever lacks one of them never sees the document. */
  labels: string[];
  /** Names of the entities that the document says it is about. */
  entities: string[];
  sections: Section[];
  /** Entities and edges that the document states (a manifest, a catalogue, a list of owners); edges name the document as their source. */
  topology?: Topology;
}

/** A heading with the text under it, up to the next heading. `path` holds the headings from the top down to this one. */
export interface Section {
  path: string[];
  text: string;
  line: number;
  /** The last line in the file, where the text has fewer or more lines than the file. */
  lineTo?: number;
}

/** A passage of a document, the unit of search. Lines count from 1 and both belong to it. */
export interface Chunk {
  title: string;
  /** The nearest headings, joined by ` > `; empty at the top. */
  heading: string;
  /** All headings that stand within the passage, for search. */
  headings: string;
  text: string;
  lineFrom: number;
  lineTo: number;
}
