import type { Random } from '../../../infra/runtime/random.ts';
import type { TrainingRows } from './training-data.ts';

/** Rows by what they are for. Rows near a cut are in neither, so that no window reaches across it. */
export interface TimeSplit {
  train: Int32Array;
  holdout: Int32Array;
}

/**
 * The latest part of each entity is held out. The cut lies where the share of every class after it comes nearest to `share`, between
 * half and twice of it, so that the holdout has cases of each class where that can be (stratified by time). `gap` rows before the cut
 * are left out.
 */
export function splitByTime(data: Pick<TrainingRows, 'entityOf' | 'labels'>, share: number, gap: number): TimeSplit {
  const train: number[] = [];
  const holdout: number[] = [];
  for (const [from, to] of runsOf(data.entityOf)) {
    const cut = cutOf(data.labels.subarray(from, to), share);
    for (let r = from; r < from + cut - gap; r += 1) train.push(r);
    for (let r = from + cut; r < to; r += 1) holdout.push(r);
  }
  return { train: Int32Array.from(train), holdout: Int32Array.from(holdout) };
}

function cutOf(labels: Int32Array, share: number): number {
  const rows = labels.length;
  const target = Math.round(rows * (1 - share));
  const totals = new Map<number, number>();
  for (const label of labels) if (label > 0) totals.set(label, (totals.get(label) ?? 0) + 1);
  if (totals.size === 0) return target;
  const first = Math.round(rows * (1 - 2 * share));
  const last = Math.round(rows * (1 - share / 2));
  const after = new Map<number, number>();
  let best = target;
  let bestMiss = Infinity;
  for (let cut = rows - 1; cut >= first; cut -= 1) {
    const label = labels[cut]!;
    if (label > 0) after.set(label, (after.get(label) ?? 0) + 1);
    if (cut > last) continue;
    let miss = Math.abs(cut - target) / rows;
    for (const [kind, total] of totals) miss += Math.abs((after.get(kind) ?? 0) / total - share);
    if (miss < bestMiss) {
      bestMiss = miss;
      best = cut;
    }
  }
  return best;
}

/**
 * Folds of rows for cross-validation: the rows are cut into ten neighbouring blocks a fold and the blocks dealt out so that each fold gets
 * its share of every class (blocked cross-validation: Bergmeir and Benitez, Information Sciences 191, 2012). Training rows closer than `gap`
 * to a row of the fold are left out. A fold without rows is not given.
 */
export function foldsOf(
  data: Pick<TrainingRows, 'entityOf' | 'labels'>,
  rows: Int32Array,
  options: { folds: number; gap: number },
  random: Random,
): TimeSplit[] {
  const { folds, gap } = options;
  const size = Math.max(1, Math.ceil(rows.length / (folds * 10)));
  const blocks = Array.from({ length: Math.ceil(rows.length / size) }, (_, block) =>
    rows.subarray(block * size, (block + 1) * size),
  );
  const positives = (block: Int32Array): number => block.reduce((sum, row) => sum + (data.labels[row]! > 0 ? 1 : 0), 0);
  const held: { rows: Int32Array[]; positives: number; size: number }[] = Array.from({ length: folds }, () => ({
    rows: [],
    positives: 0,
    size: 0,
  }));
  const order = random
    .shuffle(blocks)
    .map((block) => ({ block, positives: positives(block) }))
    .sort((left, right) => right.positives - left.positives);
  for (const { block, positives: found } of order) {
    const fold = held.reduce((least, one) =>
      (found > 0 ? one.positives - least.positives || one.size - least.size : one.size - least.size) < 0 ? one : least,
    );
    fold.rows.push(block);
    fold.positives += found;
    fold.size += block.length;
  }
  return held
    .filter((fold) => fold.size > 0)
    .map((fold) => {
      const near = new Set<number>();
      for (const block of fold.rows)
        for (let row = block[0]! - gap; row <= block.at(-1)! + gap; row += 1) near.add(row);
      return {
        train: rows.filter((row) => !near.has(row)),
        holdout: Int32Array.from(fold.rows.flatMap((block) => [...block])).sort(),
      };
    });
}

/** Neighbouring rows of one entity: from (inclusive) and to (exclusive). */
export function runsOf(entityOf: Int32Array): [number, number][] {
  const runs: [number, number][] = [];
  for (let from = 0; from < entityOf.length;) {
    let to = from;
    while (to < entityOf.length && entityOf[to] === entityOf[from]) to += 1;
    runs.push([from, to]);
    from = to;
  }
  return runs;
}
