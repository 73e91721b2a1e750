import type { Section, SourceDocument } from '../chunk.ts';
import { kindOf } from '../text/kind-of.ts';
import { nameOf } from '../text/read-markdown.ts';

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const dropped = /<(script|style|noscript|template|svg|nav|header|footer|aside)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi;

/**
 * Reads an HTML page (a wiki export, a documentation page): what navigation and scripts hold is left out, sections follow the headings, line
 * numbers are those of the file. Markup that is not closed is text. Nothing is ever run or fetched.
 */
export function readHtml(uri: string, html: string): SourceDocument {
  // Dropped parts keep their line ends, so that later lines keep their numbers.
  const kept = html.replaceAll(dropped, (part) => '\n'.repeat(part.split('\n').length - 1));
  const title = textOf(/<title[^>]*>([\s\S]*?)<\/title>/i.exec(kept)?.[1] ?? '').trim();
  const body = kept.replace(/<head\b[\s\S]*?<\/head>/i, (part) => '\n'.repeat(part.split('\n').length - 1));
  const sections: Section[] = [];
  let path: string[] = [];
  let start = 0;
  const close = (end: number): void => {
    const text = textOf(body.slice(start, end));
    if (text.trim() !== '') sections.push({ path, text: text.trim(), line: lineAt(body, start) });
  };
  for (const match of body.matchAll(/<h([1-6])\b[^>]*>([\s\S]*?)<\/h\1\s*>/gi)) {
    close(match.index);
    const heading = textOf(match[2] ?? '').trim();
    if (heading !== '') path = [...path.slice(0, Number(match[1]) - 1), heading];
    start = match.index + match[0].length;
  }
  close(body.length);
  return {
    uri,
    title: title === '' ? (sections[0]?.path[0] ?? nameOf(uri)) : title,
    kind: kindOf(uri, sections),
    labels: [],
    entities: [],
    sections,
  };
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** The words of markup: block ends become line ends, tags nothing, entities their characters. */
function textOf(markup: string): string {
  return markup
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<(?:br|\/p|\/div|\/li|\/tr|\/pre|\/h[1-6])\b[^>]*>/gi, '\n')
    .replaceAll(/<[a-z/!][^>]*>/gi, ' ')
    .replaceAll(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name: string) => decode(name) ?? whole)
    .replaceAll(/ *\n */g, '\n')
    .replaceAll(/ {2,}/g, ' ');
}

function decode(name: string): string | undefined {
  if (!name.startsWith('#')) return entities[name.toLowerCase()];
  const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
