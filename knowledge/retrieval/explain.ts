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

/**
 * Why a passage is among the hits, in words: which of the query's words stand in it, its place in each search, and the way through the
 * topology by which it was found.
 */
export function explainHit(hit: {
  words: readonly string[];
  passage: { title: string; headings: string; text: string };
  places: Readonly<Record<string, number>>;
  path: string | undefined;
}): string[] {
  const { passage, places, path } = hit;
  const held = new Set(splitWords(`${passage.title}\n${passage.headings}\n${passage.text}`));
  const shared = hit.words.filter((word) => splitWords(word).some((term) => held.has(term)));
  const searches = Object.entries(places)
    .sort((left, right) => left[1] - right[1])
    .map(([name, place]) => `${searchNames[name] ?? name} (place ${place})`);
  return [
    ...(shared.length === 0 ? [] : [`holds ${[...new Set(shared)].slice(0, mostTerms).join(', ')}`]),
    `found by ${searches.join(', ')}`,
    ...(path === undefined ? [] : [`about a neighbour: ${path}`]),
  ];
}
