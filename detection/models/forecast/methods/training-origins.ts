import type { ReadySeries } from '../point-method.ts';

/** A place to learn from: the values of a series, and the origin from which they are looked ahead. */
export type TrainingOrigin = readonly [values: Float64Array, origin: number];

/**
 * Origins to learn from, of each series from the newest back: at least `needs` values before each, `horizon` known after it, so far apart that there are
 * not many more than `most` in all.
 */
export function trainingOrigins(
  all: readonly ReadySeries[],
  { needs, horizon, most }: { needs: number; horizon: number; most: number },
): TrainingOrigin[] {
  const room = all.reduce((sum, { values }) => sum + Math.max(0, values.length - horizon - needs + 1), 0);
  const stride = Math.max(1, Math.ceil(room / most));
  const places: TrainingOrigin[] = [];
  for (const { values } of all)
    for (let origin = values.length - horizon; origin >= needs; origin -= stride) places.push([values, origin]);
  return places;
}
