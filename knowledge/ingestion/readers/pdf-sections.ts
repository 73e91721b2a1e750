import type { Section } from '../../chunk.ts';

interface PageLine {
  text: string;
  size: number;
}

const largerBy = 1.12;
const longestHeading = 120;

/**
 * Sections of the lines of pages: a short line set larger than the usual text (by characters) is a heading, its level the rank of its size. A
 * line at the top or foot that most pages share (running title, page number) is left out. Lines count over all pages from 1.
 */
export function sectionsOfPages(pages: readonly (readonly PageLine[])[]): Section[] {
  const usual = usualSize(pages);
  const sizes = [
    ...new Set(pages.flatMap((lines) => lines.filter((line) => isHeading(line, usual)).map(({ size }) => size))),
  ].sort((left, right) => right - left);
  const running = runningLines(pages);
  const sections: Section[] = [];
  let path: string[] = [];
  let line = 0;
  let open: { path: string[]; line: number; lines: string[] } | undefined;
  const close = (): void => {
    const text = open?.lines.join('\n').trim() ?? '';
    if (open !== undefined && text !== '') sections.push({ path: open.path, text, line: open.line });
    open = undefined;
  };
  for (const [index, lines] of pages.entries()) {
    close();
    for (const item of lines) {
      line += 1;
      if (item.text === '' || running.has(shapeOf(item.text))) continue;
      if (isHeading(item, usual)) {
        close();
        path = [...path.slice(0, sizes.indexOf(item.size)), item.text];
        continue;
      }
      open ??= { path: [...path, `page ${index + 1}`], line, lines: [] };
      // Left-out lines keep their place, so that later lines keep their numbers.
      while (open.line + open.lines.length < line) open.lines.push('');
      open.lines.push(item.text);
    }
  }
  close();
  return sections;
}

function isHeading({ text, size }: PageLine, usual: number): boolean {
  return size > usual * largerBy && text.length <= longestHeading && /\p{L}/u.test(text);
}

function usualSize(pages: readonly (readonly PageLine[])[]): number {
  const characters = new Map<number, number>();
  for (const { text, size } of pages.flat()) characters.set(size, (characters.get(size) ?? 0) + text.length);
  return [...characters].sort((left, right) => right[1] - left[1])[0]?.[0] ?? 0;
}

function runningLines(pages: readonly (readonly PageLine[])[]): Set<string> {
  const counts = new Map<string, number>();
  for (const lines of pages) {
    const ends = [lines[0], lines.at(-1)].flatMap((line) => (line === undefined ? [] : [shapeOf(line.text)]));
    for (const shape of new Set(ends)) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const most = Math.max(3, pages.length / 2);
  return new Set([...counts].filter(([, count]) => count >= most).map(([shape]) => shape));
}

function shapeOf(text: string): string {
  return text.replaceAll(/\d+/g, '#').trim();
}
