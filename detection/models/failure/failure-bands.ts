/** How far the life that is left lies from what was said, by what was said: one band from each edge on. */
export interface FailureBands {
  edges: number[];
  /** Steps below and above that hold the stated coverage together. */
  below: number[];
  above: number[];
}

/** Bands from held-out predictions (Mondrian conformal: one quantile for each of six ranges of the prediction). */
export function failureBands(
  known: readonly { said: number; left: number }[],
  cap: number,
  coverage: number,
): FailureBands {
  const bands: FailureBands = { edges: [], below: [], above: [] };
  const sorted = [...known].sort((left, right) => left.said - right.said);
  const size = Math.ceil(sorted.length / 6);
  for (let from = 0; from < sorted.length; from += size) {
    const part = sorted.slice(from, from + size);
    const misses = part
      .map(({ said, left }) => left - Math.min(cap, Math.max(0, said)))
      .sort((left, right) => left - right);
    const tail = Math.max(0, Math.floor(((1 - coverage) / 2) * (misses.length + 1)) - 1);
    bands.edges.push(from === 0 ? 0 : part[0]!.said);
    bands.below.push(Math.max(0, -misses[tail]!));
    bands.above.push(Math.max(0, misses[misses.length - 1 - tail]!));
  }
  return bands;
}
