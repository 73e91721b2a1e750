import type { SourceDocument } from '../chunk.ts';
import { readMarkdown } from '../text/read-markdown.ts';
import { readHtml } from './read-html.ts';
import { readSlackExport } from './read-slack-export.ts';
import { readStructured } from './read-structured.ts';

/** Endings of the files that are read. */
export const readableEndings = /(?:\.(?:md|markdown|mdx|txt|html?|ya?ml|json)|^CODEOWNERS)$/i;

/** Reads a file by its ending; one file may hold several documents, or none. Throws where the content does not fit the ending. */
export function readFormat(uri: string, bytes: Uint8Array): SourceDocument[] {
  const text = new TextDecoder('utf-8').decode(bytes);
  if (text.includes('\u0000')) throw new SyntaxError('this is no text file');
  if (/\.html?$/i.test(uri)) return [readHtml(uri, text)];
  if (/\.ya?ml$/i.test(uri)) return readStructured(uri, text);
  if (/\.json$/i.test(uri)) return readSlackExport(uri, text) ?? readStructured(uri, text);
  return [readMarkdown(uri, text)];
}
