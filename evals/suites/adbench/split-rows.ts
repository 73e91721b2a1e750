import type { Random } from '../../../infra/runtime/random.ts';

/**
 * A stratified 70/30 split of at most `mostRows` rows, ascending within each part. Sampling keeps the classes' shares, but at least 20
 * abnormal rows where there are so many (AUROC does not depend on the shares).
 */
export function splitRows(
  labels: ArrayLike<number>,
  options: { mostRows: number; random: Random },
): { train: Int32Array; test: Int32Array } {
  const train: number[] = [];
  const test: number[] = [];
  const keep = Math.min(1, options.mostRows / labels.length);
  for (const wanted of [1, 0]) {
    const all: number[] = [];
    for (let row = 0; row < labels.length; row += 1) if ((labels[row] === 1 ? 1 : 0) === wanted) all.push(row);
    const kept = Math.min(all.length, Math.max(wanted === 1 ? 20 : 1, Math.round(all.length * keep)));
    const chosen = options.random.shuffle(all).slice(0, kept);
    const cut = Math.round(kept * 0.7);
    train.push(...chosen.slice(0, cut));
    test.push(...chosen.slice(cut));
  }
  return { train: Int32Array.from(train).sort(), test: Int32Array.from(test).sort() };
}
