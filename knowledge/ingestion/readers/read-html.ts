import { Parser } from 'htmlparser2';
import type { Section, SourceDocument } from '../../chunk.ts';
import { kindOf } from '../../text/kind-of.ts';
import { nameOf } from '../../text/read-markdown.ts';
import { lineFinder } from '../text-lines.ts';
import { type PageShape, pageShapes } from './page-shapes.ts';

const silent = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'nav',
  'header',
  'footer',
  'aside',
  'iframe',
]);
const blocks = new Set(
  'address article blockquote br dd div dl dt fieldset figure form hr li main ol p pre section table tr ul'.split(' '),
);
const voids = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
const deepest = 2_000;

/**
 * Reads an HTML page (an export of a wiki, a page of documentation): what navigation and scripts hold is left out, sections follow the headings
 * under the page's parents, line numbers are those of the file. Nothing is ever run or fetched; markup that is not closed ends with the file.
 */
export function readHtml(uri: string, html: string): SourceDocument {
  const shape = pageShapes.find(({ marks }) => marks.test(html))!;
  const page = collect(html, shape);
  const title = shape.titleOf(page.title);
  const sections = page.sections.map((section) => ({ ...section, path: [...page.parents, ...section.path] }));
  const firstHeading = page.sections.find(({ path }) => path.length > 0)?.path[0];
  return {
    uri,
    title: title === '' ? (firstHeading ?? nameOf(uri)) : title,
    kind: kindOf(uri, sections),
    labels: [],
    entities: [],
    sections,
  };
}

/** What the text within an element is. */
type Use = 'text' | 'drop' | 'parents' | 'title';

function useOf(name: string, attributes: Record<string, string>, shape: PageShape, outer: Use): Use {
  const id = attributes['id'] ?? '';
  if (name === 'title' && outer !== 'drop') return 'title';
  if (shape.parents !== undefined && id === shape.parents) return 'parents';
  const named = [id, ...(attributes['class'] ?? '').split(/\s+/)];
  return silent.has(name) || named.some((word) => shape.dropped.test(word)) ? 'drop' : outer;
}

function collect(html: string, shape: PageShape): { title: string; parents: string[]; sections: Section[] } {
  const lineOf = lineFinder(html);
  const sections: Section[] = [];
  const metas = new Map<string, string>();
  const parents: string[] = [];
  // What each open element is for; text belongs to the innermost purpose.
  const open: { name: string; use: Use; main: boolean }[] = [];
  const hasMain = shape.main !== undefined && html.includes(`id="${shape.main}"`);
  let title = '';
  let path: string[] = [];
  let line = 1;
  let lineTo = 1;
  let lines: string[] = [''];
  let heading: { level: number; text: string; line: number } | undefined;
  let preformatted = 0;
  const close = (): void => {
    const text = lines
      .map((one) => one.trimEnd())
      .join('\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim();
    if (text !== '') sections.push({ path, text, line, lineTo });
    lines = [''];
  };
  const breakLine = (): void => {
    if (lines.at(-1) !== '') lines.push('');
  };
  const say = (text: string): void => {
    const words = preformatted > 0 ? text : text.replaceAll(/\s+/g, ' ');
    const last = lines.at(-1)!;
    const parts = (preformatted === 0 && (last === '' || last.endsWith(' ')) ? words.trimStart() : words).split('\n');
    lines[lines.length - 1] = last + parts[0]!;
    for (const part of parts.slice(1)) lines.push(part);
  };
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (name === 'meta' && attributes['name'] !== undefined)
        metas.set(attributes['name'], attributes['content'] ?? '');
      if (blocks.has(name)) breakLine();
      if (voids.has(name)) return;
      // Closing tags are looked for among all open elements, so that depth costs its square.
      if (open.length >= deepest) throw new RangeError(`elements are nested deeper than ${deepest}`);
      const outer = open.at(-1);
      const main = (outer?.main ?? !hasMain) || attributes['id'] === shape.main;
      const use = useOf(name, attributes, shape, outer?.use ?? 'text');
      open.push({ name, use, main });
      if (name === 'pre') preformatted += 1;
      const level = /^h([1-6])$/.exec(name)?.[1];
      if (level !== undefined && use === 'text' && main) {
        heading = { level: Number(level), text: '', line: lineOf(parser.startIndex) };
      }
    },
    ontext: (text) => {
      const { use, main } = open.at(-1) ?? { use: 'text', main: !hasMain };
      if (use === 'title') title += text;
      else if (use === 'parents' && text.trim() !== '') parents.push(text.trim());
      else if (use !== 'text' || !main) return;
      else if (heading !== undefined) heading.text += text;
      else {
        if (text.trim() !== '') {
          if (lines.length === 1 && lines[0] === '' && path.length === 0) line = lineOf(parser.startIndex);
          lineTo = lineOf(parser.endIndex);
        }
        say(text);
      }
    },
    onclosetag: (name) => {
      if (name === 'pre' && preformatted > 0) preformatted -= 1;
      if (/^h[1-6]$/.test(name) && heading !== undefined) {
        const { level, text, line: at } = heading;
        heading = undefined;
        const words = text.replaceAll(/\s+/g, ' ').trim();
        if (words !== '') {
          close();
          path = [...path.slice(0, level - 1), words];
          line = at;
          lineTo = at;
        }
      }
      if (voids.has(name)) return;
      const at = open.findLastIndex((one) => one.name === name);
      if (at >= 0) open.length = at;
      if (blocks.has(name)) breakLine();
      else if (name === 'td' || name === 'th') say(' ');
    },
  });
  parser.end(html);
  if (heading !== undefined) say(heading.text);
  close();
  const above = [...shape.parentMetas.map((name) => metas.get(name) ?? ''), ...parents];
  return { title: title.replaceAll(/\s+/g, ' ').trim(), parents: above.filter((name) => name !== ''), sections };
}
