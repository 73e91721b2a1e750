import { distance } from 'fastest-levenshtein';

/** How many typing slips a word of this length may hold and still be recognised: none under 5 letters, then 1, 2 and 3. */
export function toleranceOf(length: number): number {
  if (length < 5) return 0;
  if (length < 8) return 1;
  return length < 12 ? 2 : 3;
}

/**
 * Edit distance in which one swap of neighbouring letters counts as one slip (Damerau 1964, restricted to the first differing pair,
 * where hasty typing puts it). Cost is that of two Levenshtein distances.
 */
export function slips(typed: string, meant: string): number {
  const plain = distance(typed, meant);
  if (plain < 2) return plain;
  let at = 0;
  while (at < typed.length && typed[at] === meant[at]) at += 1;
  if (typed[at] === undefined || typed[at] !== meant[at + 1] || typed[at + 1] !== meant[at]) return plain;
  const swapped = `${typed.slice(0, at)}${typed[at + 1]}${typed[at]}${typed.slice(at + 2)}`;
  return Math.min(plain, 1 + distance(swapped, meant));
}

/** The nearest of the words within tolerance (a lone swap is let pass from 4 letters), or undefined. The first letter must be right or swapped, and digits must be right: host-1 is no slip of host-2. */
export function nearestWord(typed: string, words: Iterable<string>): { word: string; slips: number } | undefined {
  const allowed = Math.max(toleranceOf(typed.length), typed.length === 4 ? 1 : 0);
  if (allowed === 0) return undefined;
  const digits = digitsOf(typed);
  let best: { word: string; slips: number } | undefined;
  for (const word of words) {
    if (Math.abs(word.length - typed.length) > allowed || !sameStart(typed, word) || digits !== digitsOf(word))
      continue;
    if (typed.length === 4 && !isSwap(typed, word)) continue;
    const found = slips(typed, word);
    if (found <= allowed && (best === undefined || found < best.slips)) best = { word, slips: found };
  }
  return best;
}

/** Whether two words begin alike: the same first letter, or the first two letters swapped. */
export function sameStart(typed: string, meant: string): boolean {
  return typed[0] === meant[0] || (typed[0] === meant[1] && typed[1] === meant[0]);
}

function digitsOf(word: string): string {
  return word.replaceAll(/\D/gu, '');
}

function isSwap(typed: string, meant: string): boolean {
  return typed.length === meant.length && typed !== meant && slips(typed, meant) === 1 && distance(typed, meant) === 2;
}
