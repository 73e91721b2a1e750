/** Relevance of each document for one query; what is not listed is not relevant. */
export type Relevance = ReadonlyMap<string, number>;

/** The figures of one ranking. */
export interface RankFigures {
  ndcg10: number;
  success1: number;
  recall5: number;
  mrr10: number;
}

/** Judges a ranking; gains are the grades themselves, discounted by log2(place + 1) (Järvelin, Kekäläinen 2002). */
export function judge(ranked: readonly string[], relevance: Relevance): RankFigures {
  const grade = (id: string): number => relevance.get(id) ?? 0;
  const gain = (grades: readonly number[]): number =>
    grades.slice(0, 10).reduce((sum, value, index) => sum + value / Math.log2(index + 2), 0);
  const ideal = gain([...relevance.values()].sort((left, right) => right - left));
  const relevant = [...relevance.values()].filter((value) => value > 0).length;
  const first = ranked.slice(0, 10).findIndex((id) => grade(id) > 0);
  return {
    ndcg10: ideal === 0 ? 0 : gain(ranked.map(grade)) / ideal,
    success1: grade(ranked[0] ?? '') > 0 ? 1 : 0,
    recall5: relevant === 0 ? 0 : ranked.slice(0, 5).filter((id) => grade(id) > 0).length / relevant,
    mrr10: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** Okapi BM25 over lower-cased words (k1 1.2, b .75), the yardstick that is printed beside. */
export function createBm25(
  documents: readonly { id: string; text: string }[],
): (query: string, limit: number) => string[] {
  const counted = documents.map(({ id, text }) => ({ id, ...countWords(text) }));
  const average = counted.reduce((sum, { length }) => sum + length, 0) / Math.max(1, counted.length);
  const frequency = new Map<string, number>();
  for (const { counts } of counted)
    for (const word of counts.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  return (query, limit) => {
    const words = wordsOf(query);
    const scored = counted.map(({ id, counts, length }) => {
      let score = 0;
      for (const word of words) {
        const count = counts.get(word) ?? 0;
        const holding = frequency.get(word) ?? 0;
        const idf = Math.log(1 + (counted.length - holding + 0.5) / (holding + 0.5));
        score += (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / average));
      }
      return { id, score };
    });
    return scored
      .filter(({ score }) => score > 0)
      .sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1))
      .slice(0, limit)
      .map(({ id }) => id);
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function countWords(text: string): { counts: Map<string, number>; length: number } {
  const words = wordsOf(text);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, length: words.length };
}
