import type { SourceDocument } from '../chunk.ts';
import { decodeText } from './decode-text.ts';

/** A file of a source. `text` decodes it (see `decodeText`) and throws where it holds no text. */
export interface SourceFile {
  /** Path in its source, with `/`. */
  uri: string;
  bytes: Uint8Array;
  text(): string;
}

/**
 * Understands one form of file. `takes` is cheap and looks at the address, the first bytes, or both; the first reader that takes a file reads it.
 * `read` gives the documents in the file (an export holds several, a values file none), every section with its headings and its line in the
 * file from 1, and throws where the content is not of that form: the caller reports the file and goes on. A reader opens no other file, asks
 * no network and runs nothing that the file holds; its work is linear in the file's length.
 */
export interface Reader {
  name: string;
  takes(file: SourceFile): boolean;
  read(file: SourceFile): SourceDocument[] | Promise<SourceDocument[]>;
}

/** A file whose text is decoded once, when first asked for. */
export function sourceFileOf(uri: string, bytes: Uint8Array): SourceFile {
  let decoded: string | undefined;
  return { uri, bytes, text: () => (decoded ??= decodeText(bytes)) };
}

/** The first bytes as they are, for telling forms apart without decoding a large file. */
export function headOf(file: SourceFile): string {
  return Buffer.from(file.bytes.subarray(0, 4_096)).toString('latin1');
}

/** A document with neither labels nor entities; a reader adds what it knows. */
export function documentOf(
  uri: string,
  title: string,
  kind: SourceDocument['kind'],
  sections: SourceDocument['sections'],
): SourceDocument {
  return { uri, title, kind, labels: [], entities: [], sections };
}
