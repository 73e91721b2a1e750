import type { Reading } from './reading.ts';
import { singularsOf, type Token } from './tokens.ts';
import { correctedWord, isVocabulary } from './vocabulary.ts';
import { kindWords } from './words.ts';

const skipped = new Set(['the', 'our', 'my', 'a', 'an', 'this', 'that', 'your']);
const before = new Set(
  'is are was were will of for with from via restart restarting reboot bounce scale revert rollback calls uses hits and vs versus against than compare between called named up whats'.split(
    ' ',
  ),
);
/** After these a preposition of place leads to a name: "errors in billing", but not "in general". */
const placed = new Set(
  'errors error latency cpu memory traffic logs log traces requests calls deploys deploy changes changed change wrong problem problems issue issues happening timeouts spike lag load left free available remaining'.split(
    ' ',
  ),
);
const places = new Set(['in', 'on', 'to', 'at', 'by', 'through', 'about']);
const after = new Set(
  'is are was were keeps looks seems down slow slower fail fails failing crash crashes die dies break breaks survive survives recover recovers broken dead crashing erroring sluggish laggy unavailable unreachable timing stuck'.split(
    ' ',
  ),
);

/**
 * Words that stand where a name stands ("why is billing slow", "logs of billing", "the billing service"), or that are written like an
 * identifier, and match nothing known. At most three, as written.
 */
export function unknownNames(reading: Reading): string[] {
  const names = reading.tokens
    .filter(
      (token, at) =>
        !reading.taken.has(at) && isStrange(token.word) && (isIdentifier(token) || standsAsName(reading, at)),
    )
    .map((token) => token.text.slice(0, 80));
  return [...new Set(names)].slice(0, 3);
}

/** Neither plain English nor a rule word, also when singular, plural or mistyped. */
function isStrange(word: string): boolean {
  if (word.length < 3 || !/^\p{L}/u.test(word) || /^p\d+$/u.test(word)) return false;
  return ![...singularsOf(word), `${word}s`, correctedWord(word)].some(isVocabulary);
}

function isIdentifier({ text, word }: Token): boolean {
  return /\p{L}[-_]\p{L}/u.test(text) && text.length >= 6 && !/^(?:on|re|non|pre|post|co|over|under|half)-/u.test(word);
}

function standsAsName({ tokens, taken, text }: Reading, at: number): boolean {
  const wordAt = (place: number): string => tokens[place]?.word ?? '';
  let previous = at - 1;
  while (skipped.has(wordAt(previous))) previous -= 1;
  const lead = wordAt(previous);
  const next = wordAt(at + 1);
  if (
    /(?:ing|ly|ed)$/u.test(wordAt(at)) &&
    (next === '' || (/^(?:is|are|was|were|it)$/u.test(lead) && !after.has(next)))
  )
    return false;
  if (before.has(lead) || (places.has(lead) && placed.has(wordAt(previous - 1)))) return true;
  if (taken.has(at - 1) || !(after.has(next) || Object.hasOwn(kindWords, next))) return false;
  return text.slice(tokens[at]?.end, tokens[at + 1]?.start).trim() === '';
}
