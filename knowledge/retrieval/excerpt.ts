import { splitWords } from '../text/split-words.ts';

/** Part of a passage: whole lines, and where they stand in the file. */
export interface Excerpt {
  text: string;
  lineFrom: number;
  lineTo: number;
}

/** A rough and stable count; models differ, and no answer depends on it. */
const charactersPerToken = 4;

export function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/**
 * The lines of a passage that fit into so many tokens: the run of lines that holds most of the query's terms, rare ones (within the passage)
 * counting more, earliest first. A passage that fits is given whole; one line that does not fit is cut.
 */
export function excerptOf(
  passage: { text: string; lineFrom: number; lineTo: number },
  terms: ReadonlySet<string>,
  tokens: number,
): Excerpt {
  const { text, lineFrom, lineTo } = passage;
  if (tokensOf(text) <= tokens) return { text, lineFrom, lineTo };
  const lines = text.split('\n');
  const room = tokens * charactersPerToken;
  const found = lines.map((line) => new Set(splitWords(line).filter((term) => terms.has(term))));
  const counts = new Map<string, number>();
  for (const term of found.flatMap((line) => [...line])) counts.set(term, (counts.get(term) ?? 0) + 1);
  let best = { from: 0, to: 0, worth: -1 };
  let from = 0;
  let size = 0;
  for (let to = 0; to < lines.length; to += 1) {
    size += lines[to]!.length + 1;
    while (size > room && from < to) {
      size -= lines[from]!.length + 1;
      from += 1;
    }
    const held = new Map<string, number>();
    for (const line of found.slice(from, to + 1)) for (const term of line) held.set(term, 1 / counts.get(term)!);
    const worth =
      found.slice(from, to + 1).reduce((sum, line) => sum + line.size * 0.01, 0) +
      [...held.values()].reduce((sum, value) => sum + 0.5 + value, 0);
    if (worth > best.worth) best = { from, to, worth };
  }
  // What room is left is filled with the lines that follow.
  let { to } = best;
  size = lines.slice(best.from, to + 1).reduce((sum, line) => sum + line.length + 1, 0);
  while (to + 1 < lines.length && size + lines[to + 1]!.length + 1 <= room) {
    to += 1;
    size += lines[to]!.length + 1;
  }
  return {
    text: lines
      .slice(best.from, to + 1)
      .join('\n')
      .slice(0, room),
    lineFrom: Math.min(lineFrom + best.from, lineTo),
    lineTo: Math.min(lineFrom + to, lineTo),
  };
}
