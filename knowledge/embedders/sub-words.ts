/** Finds known terms that share most letter triples with an unknown one: misspellings, plurals, joined and unseen compounds. */
export interface SubWords {
  /** At most three terms with a likeness in (0, 1], best first. */
  nearest(term: string): { index: number; likeness: number }[];
}

const leastLikeness = 0.5;
const mostNeighbours = 3;

/** Indexes terms by their letter triples; built on first use. Likeness is the Dice coefficient over the triples. */
export function createSubWords(terms: readonly string[]): SubWords {
  let byTriple: Map<string, number[]> | undefined;
  let sizes: number[] = [];
  const build = (): Map<string, number[]> => {
    const built = new Map<string, number[]>();
    sizes = terms.map((term, index) => {
      const triples = triplesOf(term);
      for (const triple of triples) {
        const list = built.get(triple);
        if (list === undefined) built.set(triple, [index]);
        else list.push(index);
      }
      return triples.size;
    });
    return built;
  };
  return {
    nearest: (term) => {
      byTriple ??= build();
      const triples = triplesOf(term);
      const shared = new Map<number, number>();
      for (const triple of triples)
        for (const index of byTriple.get(triple) ?? []) shared.set(index, (shared.get(index) ?? 0) + 1);
      return [...shared]
        .map(([index, count]) => ({ index, likeness: (2 * count) / (triples.size + sizes[index]!) }))
        .filter(({ likeness }) => likeness >= leastLikeness)
        .sort((left, right) => right.likeness - left.likeness || left.index - right.index)
        .slice(0, mostNeighbours);
    },
  };
}

function triplesOf(term: string): Set<string> {
  const padded = `^${term.startsWith('=') ? term.slice(1) : term}$`;
  const triples = new Set<string>();
  for (let index = 0; index + 3 <= padded.length; index += 1) triples.add(padded.slice(index, index + 3));
  return triples;
}
