/** A word of the question: `word` is what rules read (lower case, no possessive), `start`/`end` are offsets into the cleaned text. */
export interface Token {
  text: string;
  word: string;
  start: number;
  end: number;
}

const headLength = 800;
const tailLength = 200;
const maxTokens = 160;
const questionWords = new Set(['what', 'who', 'how', 'where', 'when', 'why', 'it', 'that', 'there', 'which']);

/** "What is" as typed in haste. */
const shortened = new Set(['whats', 'whos', 'hows', 'wheres', 'whens', 'whys', 'thats']);

/**
 * Makes text safe to read: compatibility forms folded (NFKC), control and invisible characters and curly quotes replaced, white space
 * collapsed. Of a very long text only the first 800 and last 200 characters are kept: people ask at an end of what they paste.
 */
export function cleanText(raw: string): string {
  const folded = cut(cut(raw.toWellFormed()).normalize('NFKC'));
  return folded
    .replaceAll(/[\u2018\u2019\u201b\u02bc]/gu, "'")
    .replaceAll(/[\u201c\u201d\u201e\u00ab\u00bb]/gu, '"')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

/** Splits cleaned text into words; names keep their dots, dashes and underscores. At most 160 tokens, in order. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}](?:[\p{L}\p{N}_.'-]*[\p{L}\p{N}])?/gu)) {
    if (tokens.length >= maxTokens) break;
    const start = match.index;
    const end = start + match[0].length;
    const lower = match[0].toLowerCase();
    const possessive = lower.endsWith("'s");
    const word = (possessive || shortened.has(lower) ? lower.replace(/'?s$/u, '') : lower).replaceAll("'", '');
    tokens.push({ text: possessive ? match[0].slice(0, -2) : match[0], word, start, end });
    if (questionWords.has(word) && (possessive || shortened.has(lower)))
      tokens.push({ text: 'is', word: 'is', start: end, end });
  }
  return tokens;
}

/** A name with case and separators removed, so that `orders-db`, `ordersDb` and `orders db` are one. */
export function compactName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** The words of a name, split at separators and camel humps, in lower case. */
export function nameWords(name: string): string[] {
  return name
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** The forms that a word may have in the singular, the word itself first. */
export function singularsOf(word: string): string[] {
  const forms = [word];
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss')) forms.push(word.slice(0, -1));
  if (word.length > 4 && word.endsWith('es')) forms.push(word.slice(0, -2));
  if (word.length > 4 && word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  return forms;
}

function cut(text: string): string {
  return text.length <= headLength + tailLength ? text : `${text.slice(0, headLength)} ${text.slice(-tailLength)}`;
}
