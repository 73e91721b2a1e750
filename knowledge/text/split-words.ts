import { stemmer } from 'stemmer';

/** Function words that carry no topic; dropped everywhere. Words that tell a state (not, no, down, up, out, off, over, under) are kept. */
const stopWords = new Set(
  (
    'a about after again all also am an and any are as at be because been before being between both but by can could did do ' +
    ' does doing during each etc for from further had has have having he her here hers him his how i if in into is it its itself ' +
    'just me more most my nor of on once only or other our ours own per same she should so some such than that the ' +
    'their theirs them then there these they this those through to until upon very was we were what when where which while ' +
    'who whom why will with would you your yours'
  ).split(' '),
);

const compound = /[\p{L}\p{M}\p{N}]+(?:[_.-][\p{L}\p{M}\p{N}]+)*/gu;
const camelPart = /\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?\p{Ll}[\p{Ll}\p{M}]*\p{N}*|\p{N}+\p{L}*|[\p{L}\p{M}]+/gu;
const plainLower = /^[a-z]+$/;
const noSpaces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const rememberedStems = 200_000;
const stems = new Map<string, string>();

/**
 * The index terms of a text, in order. Words are lower-cased and stemmed (Porter 1980), function words dropped. An identifier
 * (`KubePodCrashLooping`, `kube_pod`, `api-server`) gives its parts and, marked by `=`, itself as a whole without separators, so that
 * every spelling of one name meets. Scripts written without spaces give pairs of characters. Linear in the length.
 */
export function splitWords(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.normalize('NFKC').matchAll(compound)) {
    if (plainLower.test(word)) addWord(word, terms);
    else if (noSpaces.test(word)) addPairs(word, terms);
    else addCompound(word, terms);
  }
  return terms;
}

function addCompound(word: string, terms: string[]): void {
  const parts = word.match(camelPart) ?? [];
  for (const part of parts) addWord(part.toLowerCase(), terms);
  if (parts.length > 1 && word.length <= 120) terms.push(`=${parts.join('').toLowerCase()}`);
}

function addWord(word: string, terms: string[]): void {
  if (word.length > 60 || stopWords.has(word)) return;
  if (word.length === 1 && !/\p{N}/u.test(word)) return;
  let stem = stems.get(word);
  if (stem === undefined) {
    stem = plainLower.test(word) ? stemmer(word) : word;
    if (stems.size >= rememberedStems) stems.clear();
    stems.set(word, stem);
  }
  terms.push(stem);
}

function addPairs(word: string, terms: string[]): void {
  const letters = Array.from(word.toLowerCase());
  if (letters.length === 1) terms.push(letters[0]!);
  for (let index = 0; index + 1 < letters.length; index += 1) terms.push(`${letters[index]}${letters[index + 1]}`);
}
