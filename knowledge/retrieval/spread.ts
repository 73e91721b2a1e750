/** What is chosen from: its relevance (any scale, higher is better) and its words. */
interface Candidate {
  score: number;
  text: string;
}

/** A chosen one, with those left out because they say the same. */
export interface Chosen<T> {
  item: T;
  copies: T[];
}

/** From this likeness on (share of common words) two passages are copies of each other. */
const copy = 0.9;
const fewestWords = 12;
const hashStart = 0x811c9dc5;
const hashStep = 0x01000193;

/**
 * Chooses `limit` candidates that are relevant and unlike each other: maximal marginal relevance (Carbonell, Goldstein 1998), relevance scaled
 * by the best one, likeness the Jaccard index of words. Copies of what was chosen are left out and named, unless they are to be kept. `diversity` 0 is the order of relevance.
 * Candidates come best first. O(candidates x limit x words).
 */
export function spread<T extends Candidate>(
  candidates: readonly T[],
  options: { limit: number; diversity: number; keepCopies?: boolean },
): Chosen<T>[] {
  const { limit, diversity, keepCopies = false } = options;
  const best = candidates[0]?.score ?? 1;
  const rest = candidates.map((item) => ({
    item,
    words: wordsOf(item.text),
    nearest: 0,
    copyOf: undefined as Chosen<T> | undefined,
  }));
  const chosen: Chosen<T>[] = [];
  while (chosen.length < limit && rest.length > 0) {
    let at = 0;
    let highest = -Infinity;
    for (const [index, { item, nearest }] of rest.entries()) {
      const value = (1 - diversity) * (item.score / best) - diversity * nearest;
      if (value > highest) [at, highest] = [index, value];
      // Nothing further down can be better than its own relevance.
      if ((1 - diversity) * (item.score / best) <= highest && nearest === 0) break;
    }
    const [taken] = rest.splice(at, 1);
    const entry: Chosen<T> = { item: taken!.item, copies: [] };
    chosen.push(entry);
    for (let index = rest.length - 1; index >= 0; index -= 1) {
      const other = rest[index]!;
      const likeness = likenessOf(taken!.words, other.words);
      if (likeness >= copy && !keepCopies) {
        entry.copies.unshift(other.item);
        rest.splice(index, 1);
      } else other.nearest = Math.max(other.nearest, likeness);
    }
  }
  return chosen;
}

/** The words of a text as hashes (FNV-1a), sorted: every search spreads a hundred kilobytes of passages, so that words are never cut out as strings. */
function wordsOf(text: string): Int32Array {
  const words: number[] = [];
  let hash = hashStart;
  let length = 0;
  for (let index = 0; index <= text.length; index += 1) {
    let code = index < text.length ? text.charCodeAt(index) : 32;
    if (code >= 65 && code <= 90) code += 32;
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127) {
      hash = Math.imul(hash ^ code, hashStep);
      length += 1;
      continue;
    }
    if (length > 1) words.push(hash);
    hash = hashStart;
    length = 0;
  }
  const sorted = Int32Array.from(words).sort();
  return sorted.filter((word, index) => index === 0 || word !== sorted[index - 1]);
}

/** The Jaccard index of two sorted lists of hashes. */
function likenessOf(left: Int32Array, right: Int32Array): number {
  const [few, many] = [Math.min(left.length, right.length), Math.max(left.length, right.length)];
  // A few words in common say nothing.
  if (few < fewestWords || few / many < 0.2) return 0;
  let both = 0;
  for (let one = 0, other = 0; one < left.length && other < right.length;) {
    const difference = left[one]! - right[other]!;
    if (difference === 0) both += 1;
    if (difference <= 0) one += 1;
    if (difference >= 0) other += 1;
  }
  return both / (few + many - both);
}
