import { isDigit } from './characters.ts';

/** Finds which of many phrases stand in a text, as words that follow one another. */
export interface PhraseIndex {
  /** The least value of a phrase that is found and that `counts` lets pass; `at` and `end` are places in the text. Linear in the text. */
  first(text: string, counts: (at: number, end: number) => boolean): number | undefined;
}

interface Node {
  next: Map<string, Node>;
  value?: number;
}

/** Words of a text with their places: runs of letters and digits in lower case; a hump begins a word. */
interface Words {
  texts: string[];
  starts: number[];
  ends: number[];
}

const mostWords = 600;
const longestPhrase = 12;

/** Makes an index of phrases, written as software writes them, with their values; lower values win. */
export function createPhraseIndex(phrases: Iterable<readonly [phrase: string, value: number]>): PhraseIndex {
  const root: Node = { next: new Map() };
  for (const [phrase, value] of phrases) {
    let node = root;
    for (const word of wordsOf(phrase).texts) {
      const known = node.next.get(word);
      if (known === undefined) node.next.set(word, (node = { next: new Map() }));
      else node = known;
    }
    node.value = Math.min(node.value ?? value, value);
  }
  return {
    first(text, counts) {
      const { texts, starts, ends } = wordsOf(text);
      let best: number | undefined;
      for (let from = 0; from < texts.length; from += 1) {
        let node = root.next.get(texts[from]!);
        for (let at = from; node !== undefined && at < from + longestPhrase; at += 1) {
          const { value } = node;
          if (value !== undefined && (best === undefined || value < best) && counts(starts[from]!, ends[at]!))
            best = value;
          node = node.next.get(texts[at + 1] ?? '');
        }
      }
      return best;
    },
  };
}

function wordsOf(text: string): Words {
  const words: Words = { texts: [], starts: [], ends: [] };
  let at = 0;
  while (at < text.length && words.texts.length < mostWords) {
    if (!isWordCode(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    for (at += 1; at < text.length && isWordCode(text.charCodeAt(at)) && !isHump(text, at); at += 1);
    words.texts.push(text.slice(start, at).toLowerCase());
    words.starts.push(start);
    words.ends.push(at);
  }
  return words;
}

function isWordCode(code: number): boolean {
  return isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 122);
}

/** A capital behind a small letter. */
function isHump(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return code >= 65 && code <= 90 && before >= 97 && before <= 122;
}
