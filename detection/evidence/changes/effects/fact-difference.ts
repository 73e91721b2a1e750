import type { Fact } from '../facts/fact.ts';

/** Facts that only one side of a change says: as a multiset, so that what merely moved is in neither. */
export interface FactDifference {
  gone: Fact[];
  fresh: Fact[];
}

/** More than so many facts on a side are a rewriting, of which the first are read. */
const mostFacts = 800;

export function differenceOf(before: readonly Fact[], after: readonly Fact[]): FactDifference {
  return { gone: without(before, after).slice(0, mostFacts), fresh: without(after, before).slice(0, mostFacts) };
}

function without(facts: readonly Fact[], others: readonly Fact[]): Fact[] {
  const left = new Map<string, number>();
  for (const { id } of others) left.set(id, (left.get(id) ?? 0) + 1);
  return facts.filter(({ id }) => {
    const count = left.get(id) ?? 0;
    if (count > 0) left.set(id, count - 1);
    return count === 0;
  });
}
