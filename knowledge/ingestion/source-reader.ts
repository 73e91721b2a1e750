import type { SourceDocument } from '../chunk.ts';

/** A place in a source: its address there and a stamp that changes whenever its content may have. */
export interface SourceItem {
  uri: string;
  stamp: string;
}

/** Where documents come from. `list` is the whole of the source: what it no longer lists is gone. */
export interface SourceReader {
  name: string;
  list(signal?: AbortSignal): AsyncIterable<SourceItem>;
  /** How many items there are, where that is cheap to tell: for showing progress. */
  count?(): Promise<number>;
  /** The bytes of an item, for its hash. Throws when it cannot be read. */
  load(item: SourceItem): Promise<Uint8Array>;
  /** The documents of an item (an archive or export may hold several). Throws when it cannot be understood. */
  parse(item: SourceItem, bytes: Uint8Array): Promise<SourceDocument[]>;
}

/** What came of reading one source. */
export interface SourceReport {
  source: string;
  read: number;
  unchanged: number;
  removed: number;
  failed: { uri: string; reason: string }[];
  elapsedMs: number;
}
