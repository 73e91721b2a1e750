/** How far a column lies from a reference. */
export interface Drift {
  /** Population stability index; below .1 stable, above .25 shifted (Siddiqi, Credit Risk Scorecards, 2006). */
  psi: number;
  /** Largest distance between the two distribution functions, 0 to 1. */
  ks: number;
  /** Chance of such a distance between two samples of one distribution (Kolmogorov's limit, with Stephens' 1970 correction). */
  pValue: number;
}

const bins = 10;
const floor = 1e-4;

/**
 * Compares finite values with a sorted reference: PSI over ten bins of equal share of the reference, two-sample Kolmogorov-Smirnov over
 * all points. Undefined when either has fewer than 20 values, too few for ten bins. Cost: a sort of the values.
 */
export function driftOf(reference: Float64Array, values: Float64Array): Drift | undefined {
  const current = values.filter((value) => Number.isFinite(value)).sort();
  if (reference.length < 2 * bins || current.length < 2 * bins) return undefined;
  const ks = ksDistance(reference, current);
  const size = (reference.length * current.length) / (reference.length + current.length);
  return {
    psi: psi(reference, current),
    ks,
    pValue: kolmogorov((Math.sqrt(size) + 0.12 + 0.11 / Math.sqrt(size)) * ks),
  };
}

/** A sorted sample of at most `most` finite values, evenly taken from the order statistics, so that it stands for the whole column. */
export function referenceOf(values: Float64Array, most = 512): Float64Array {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length <= most) return sorted;
  return Float64Array.from({ length: most }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (most - 1))]!);
}

function psi(reference: Float64Array, current: Float64Array): number {
  const edges = [
    ...new Set(Array.from({ length: bins - 1 }, (_, i) => reference[Math.floor(((i + 1) * reference.length) / bins)]!)),
  ];
  const expected = shares(reference, edges);
  const actual = shares(current, edges);
  let total = 0;
  for (let bin = 0; bin < expected.length; bin += 1) {
    const before = Math.max(expected[bin]!, floor);
    const now = Math.max(actual[bin]!, floor);
    total += (now - before) * Math.log(now / before);
  }
  return total;
}

/** Share of sorted values in each bin; a value on an edge belongs to the bin above it. */
function shares(sorted: Float64Array, edges: readonly number[]): number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < edges.length && value >= edges[bin]!) bin += 1;
    counts[bin]! += 1;
  }
  return counts.map((count) => count / sorted.length);
}

function ksDistance(left: Float64Array, right: Float64Array): number {
  let widest = 0;
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const at = Math.min(left[i]!, right[j]!);
    while (i < left.length && left[i]! <= at) i += 1;
    while (j < right.length && right[j]! <= at) j += 1;
    widest = Math.max(widest, Math.abs(i / left.length - j / right.length));
  }
  return widest;
}

/** Q(x) = 2 sum (-1)^(k-1) exp(-2 k^2 x^2). */
function kolmogorov(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k += 1) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-12) break;
  }
  return Math.max(0, Math.min(1, 2 * sum));
}
