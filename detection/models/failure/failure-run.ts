import type { Matrix } from '../matrix.ts';

/** One thing watched over time, up to its failure or up to now. Rows are steps, oldest first, columns its signals; NaN is a missing sample. */
export interface FailureRun {
  history: Matrix;
  /** True when the last row is the failure; false when it still worked then. */
  failed: boolean;
}

/** What is known of the life that is left at one step of a run. */
export interface LifeLabel {
  run: number;
  at: number;
  /** Steps left, at most the cap; undefined when the run ended before that was known. */
  left?: number;
  /** Whether it failed within the horizon; undefined when the run ended before that was known. */
  soon?: boolean;
}

/**
 * Steps to learn from, every `stride`th from `from` on. A run that did not fail teaches only what its length proves: a full cap of life, or
 * no failure within the horizon.
 */
export function labelLives(
  runs: readonly FailureRun[],
  options: { cap: number; horizon: number; from: number; stride: number },
): LifeLabel[] {
  const labels: LifeLabel[] = [];
  for (const [run, { history, failed }] of runs.entries()) {
    for (let at = history.rows - 1; at >= options.from; at -= options.stride) {
      const rest = history.rows - 1 - at;
      const known = failed || rest >= options.cap;
      const settled = failed || rest >= options.horizon;
      if (!known && !settled) continue;
      labels.push({
        run,
        at,
        ...(known ? { left: Math.min(options.cap, rest) } : {}),
        ...(settled ? { soon: failed && rest <= options.horizon } : {}),
      });
    }
  }
  return labels;
}
