import { fourier } from './fourier.ts';

/** A period in steps (may be a fraction) and the share of variance that repeats with it, 0 to 1. */
export interface Period {
  steps: number;
  strength: number;
}

/** Weaker repetition than this is taken for chance. */
const leastStrength = 0.25;

/**
 * The season of evenly spaced values, found as the highest peak of the autocorrelation of the series without its straight line (Box and Jenkins 1976;
 * Wiener-Khinchin through the Fourier transform). A shorter period wins where it repeats nine tenths as well as the best. At least `cycles` whole
 * periods must fit. Undefined where nothing repeats. O(n log n).
 */
export function findPeriod(values: ArrayLike<number>, cycles = 3): Period | undefined {
  const correlation = autocorrelation(values);
  if (correlation === undefined) return undefined;
  const longest = Math.floor(values.length / cycles);
  let lag = 1;
  // The first descent belongs to the short memory of the series and is no season.
  while (lag < longest && correlation[lag]! > 0.1) lag += 1;
  let best = 0;
  for (let at = Math.max(2, lag); at <= longest; at += 1) best = Math.max(best, peakAt(correlation, at));
  if (best < leastStrength) return undefined;
  for (let at = Math.max(2, lag); at <= longest; at += 1) {
    if (peakAt(correlation, at) < 0.9 * best) continue;
    const [before, top, after] = [correlation[at - 1]!, correlation[at]!, correlation[at + 1]!];
    const bend = before - 2 * top + after;
    return { steps: at + (bend < 0 ? (0.5 * (before - after)) / bend : 0), strength: Math.min(1, top) };
  }
  return undefined;
}

function peakAt(correlation: Float64Array, lag: number): number {
  const top = correlation[lag]!;
  return top >= correlation[lag - 1]! && top >= (correlation[lag + 1] ?? top) ? top : 0;
}

/** Autocorrelation by lag, each divided by how many pairs it is made of; undefined for a constant or very short series. */
function autocorrelation(values: ArrayLike<number>): Float64Array | undefined {
  const n = values.length;
  if (n < 12) return undefined;
  let size = 2;
  while (size < 2 * n) size <<= 1;
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  let mean = 0;
  let slope = 0;
  for (let at = 0; at < n; at += 1) mean += values[at]! / n;
  const middle = (n - 1) / 2;
  for (let at = 0; at < n; at += 1) slope += ((at - middle) * (values[at]! - mean) * 12) / (n * (n * n - 1));
  for (let at = 0; at < n; at += 1) real[at] = values[at]! - mean - slope * (at - middle);
  clip(real, n);
  fourier(real, imaginary);
  for (let at = 0; at < size; at += 1) {
    real[at] = real[at]! ** 2 + imaginary[at]! ** 2;
    imaginary[at] = 0;
  }
  fourier(real, imaginary);
  const zero = real[0]!;
  if (!(zero > 1e-12)) return undefined;
  return Float64Array.from({ length: n }, (_, lag) => (real[lag]! / zero) * (n / (n - lag)));
}

/** Rare extremes would hide the season: what lies beyond five interquartile ranges is cut. */
function clip(values: Float64Array, n: number): void {
  const sorted = values.slice(0, n).sort();
  const middle = sorted[n >> 1]!;
  const spread = sorted[Math.floor(0.75 * n)]! - sorted[Math.floor(0.25 * n)]!;
  if (spread <= 0) return;
  for (let at = 0; at < n; at += 1)
    values[at] = Math.min(middle + 5 * spread, Math.max(middle - 5 * spread, values[at]!));
}
