import { splitWords } from '../text/split-words.ts';

const searchNames: Record<string, string> = {
  keywords: 'words',
  titles: 'title',
  feedback: 'words of the best hits',
  meaning: 'meaning',
  signatures: 'error or name',
  entities: 'the incident’s entities',
  neighbours: 'neighbours',
};
const mostTerms = 8;
const letter = /[\p{L}\p{N}]/u;

/** A word of a query, as it is written, with the beginnings by which a text is seen to hold it: itself and its stem. */
export interface WordStarts {
  word: string;
  starts: string[];
}

/** Words with their beginnings; function words are left out. */
export function wordStarts(words: readonly string[]): WordStarts[] {
  return words.flatMap((word) => {
    const terms = splitWords(word).map((term) => term.replace(/^=/, ''));
    return terms.length === 0 ? [] : [{ word, starts: [...new Set([word.toLowerCase(), ...terms])] }];
  });
}

/**
 * Why a passage is among the hits, in words: which of the query's words stand in it, its place in each search, and the way through the
 * topology by which it was found.
 */
export function explainHit(hit: {
  words: readonly WordStarts[];
  passage: { title: string; headings: string; text: string };
  places: Readonly<Record<string, number>>;
  path: string | undefined;
}): string[] {
  const { passage, places, path } = hit;
  const text = `${passage.title}\n${passage.headings}\n${passage.text}`.toLowerCase();
  const shared = hit.words.flatMap(({ word, starts }) => (starts.some((start) => holds(text, start)) ? [word] : []));
  const searches = Object.entries(places)
    .sort((left, right) => left[1] - right[1])
    .map(([name, place]) => `${searchNames[name] ?? name} (place ${place})`);
  return [
    ...(shared.length === 0 ? [] : [`holds ${[...new Set(shared)].slice(0, mostTerms).join(', ')}`]),
    `found by ${searches.join(', ')}`,
    ...(path === undefined ? [] : [`about a neighbour: ${path}`]),
  ];
}

/** Whether a text has a word that begins so: good enough for telling, and cheaper than stemming every passage. */
function holds(text: string, start: string): boolean {
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1))
    if (at === 0 || !letter.test(text[at - 1]!)) return true;
  return false;
}
