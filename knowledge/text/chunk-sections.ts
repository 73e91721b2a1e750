import type { Chunk, Section, SourceDocument } from '../chunk.ts';

/** Passages are filled up to about this many characters (some 300 words) and never longer than twice that. */
const filledCharacters = 2_000;
const longestCharacters = 4_000;

/**
 * Cuts a document into passages along its sections: small neighbours are put together, long ones are cut at blank lines outside code
 * blocks (or, if one block is too long, at line ends). Every line of the document is in exactly one passage.
 */
export function chunkSections(document: SourceDocument): Chunk[] {
  const chunks: Chunk[] = [];
  let open: Section[] = [];
  let size = 0;
  const flush = (): void => {
    if (open.some((piece) => piece.text.trim() !== '' || piece.path.length > 0)) chunks.push(chunkOf(document, open));
    open = [];
    size = 0;
  };
  for (const section of document.sections) {
    for (const piece of split(section)) {
      if (size > 0 && size + piece.text.length > filledCharacters) flush();
      open.push(piece);
      size += piece.text.length;
    }
  }
  flush();
  return chunks;
}

function chunkOf(document: SourceDocument, pieces: Section[]): Chunk {
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  const headings = new Set(pieces.flatMap(({ path }) => path));
  return {
    title: document.title,
    heading: first.path.join(' > '),
    headings: [...headings].filter((heading) => heading !== document.title).join('\n'),
    text: pieces.map(({ text }) => text).join('\n'),
    lineFrom: first.line,
    lineTo: last.lineTo ?? last.line + last.text.split('\n').length - 1,
  };
}

function split(section: Section): Section[] {
  if (section.text.length <= longestCharacters) return [section];
  const pieces: Section[] = [];
  let lines: string[] = [];
  let size = 0;
  let line = section.line;
  let inCode = false;
  const flush = (next: number): void => {
    if (lines.length > 0) pieces.push({ path: section.path, text: lines.join('\n'), line });
    lines = [];
    size = 0;
    line = next;
  };
  for (const [index, text] of section.text.split('\n').entries()) {
    const here = section.line + index;
    if (/^\s*(```|~~~)/.test(text)) inCode = !inCode;
    const canCut = (text.trim() === '' && !inCode && size >= filledCharacters / 2) || size >= longestCharacters;
    if (canCut) flush(here);
    for (const part of pieceLongLine(text)) {
      if (size + part.length > longestCharacters) flush(here);
      lines.push(part);
      size += part.length + 1;
    }
  }
  flush(line);
  return pieces;
}

/** A single line longer than a passage (minified text, a table without breaks) is cut at spaces where there are any. */
function pieceLongLine(text: string): string[] {
  if (text.length <= longestCharacters) return [text];
  const parts: string[] = [];
  let rest = text;
  while (rest.length > longestCharacters) {
    const space = rest.lastIndexOf(' ', longestCharacters);
    const end = space > longestCharacters / 2 ? space + 1 : longestCharacters;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  parts.push(rest);
  return parts;
}
