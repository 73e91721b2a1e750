import type { SourceDocument } from '../chunk.ts';
import { type Reader, sourceFileOf } from './reader.ts';
import { codeCommentsReader, isCode } from './readers/code-comments.ts';
import { codeOwnersReader } from './readers/code-owners.ts';
import { htmlReader } from './readers/html.ts';
import { markdownReader } from './readers/markdown.ts';
import { pdfReader } from './readers/pdf.ts';
import { slackReader } from './readers/slack-export.ts';
import { structuredReader } from './readers/structured.ts';

/** Every form of file that is read; the first that takes a file reads it. A new form is a file in `readers/` and a line here. */
export const readers: readonly Reader[] = [
  codeOwnersReader,
  markdownReader,
  htmlReader,
  pdfReader,
  slackReader,
  structuredReader,
  codeCommentsReader,
];

/** Raised whenever readers give something else for the same file: it is part of every stamp, so that all files are read anew. */
export const readingVersion = 2;

const readable = /(?:\.(?:md|markdown|mdx|txt|rst|adoc|x?html?|pdf|ya?ml|json|tfstate)|(?:^|\/)CODEOWNERS)$/i;

/** Whether a file in a folder is read. Source code is, where `code` says so (a repository). */
export function isReadable(uri: string, code: boolean): boolean {
  return readable.test(uri) || (code && isCode(uri));
}

/** Reads a file; one file may hold several documents, or none. Rejects where the content does not fit the form. */
export async function readFormat(uri: string, bytes: Uint8Array): Promise<SourceDocument[]> {
  const file = sourceFileOf(uri, bytes);
  return (await readers.find((reader) => reader.takes(file))?.read(file)) ?? [];
}
