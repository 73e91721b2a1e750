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

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu));
}

function likenessOf(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const [small, large] = left.size < right.size ? [left, right] : [right, left];
  // A few words in common say nothing.
  if (small.size < fewestWords) return 0;
  if (small.size / large.size < 0.2) return 0;
  let both = 0;
  for (const word of small) if (large.has(word)) both += 1;
  return both / (small.size + large.size - both);
}
