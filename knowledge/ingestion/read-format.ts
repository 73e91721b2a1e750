import { readMarkdown } from '../text/read-markdown.ts';
import type { SourceDocument } from '../chunk.ts';

/** Endings of the files that are read. */
export const readableEndings = /\.(md|markdown|mdx|txt)$/i;

/** Reads a file by its ending. Throws where the content does not fit it. */
export function readFormat(uri: string, bytes: Uint8Array): Promise<SourceDocument[]> {
  const text = new TextDecoder('utf-8').decode(bytes);
  return Promise.resolve([readMarkdown(uri, text)]);
}
