import type { Explanation, OnlineDetector } from '../contracts.ts';
import { explanationOf } from './explain-rows.ts';

/** What a univariate detector adds to the keeping of order: it sees only finite values, in order of time. */
export interface UnivariateCore {
  readonly method: string;
  score(value: number, at: number): number;
  learn(value: number, at: number): void;
  /** Named deviations behind the score, in standard units; their shares are made from them. */
  parts(value: number, at: number): { feature: string; value: number; weight: number }[];
  readonly bytes: number;
}

/** Fewer points than this are no ground for a score. */
const leastPoints = 16;

/** A univariate detector that explains each score and knows what it has not seen. */
export interface UnivariateDetector extends OnlineDetector {
  explainOne(values: ArrayLike<number>, at: number): Explanation;
  outOfDistributionOne(values: ArrayLike<number>, at: number): boolean;
}

/**
 * Wraps a core for the contract: the first of `values` is the sample; a missing sample scores 0 and is not learned; one that is not later than the
 * last is not learned; the first 16 points score 0. Out of distribution is what lies beyond the learned range by more than its width.
 */
export function createUnivariate(core: UnivariateCore): UnivariateDetector {
  let lastAt = Number.NEGATIVE_INFINITY;
  let learned = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;

  const scoreOne = (values: ArrayLike<number>, at: number): number => {
    const value = values[0]!;
    if (learned < leastPoints || !Number.isFinite(value)) return 0;
    const score = core.score(value, at);
    return score > 0 ? (score < 1 ? score : 1) : 0;
  };

  return {
    method: core.method,
    scoreOne,
    learnOne(values, at) {
      const value = values[0]!;
      if (!(at > lastAt) || !Number.isFinite(value)) return;
      lastAt = at;
      learned += 1;
      if (value < least) least = value;
      if (value > most) most = value;
      core.learn(value, at);
    },
    stateBytes: () => core.bytes + 64,
    explainOne(values, at) {
      const value = values[0]!;
      const score = scoreOne(values, at);
      const parts = Number.isFinite(value) && learned >= leastPoints ? core.parts(value, at) : [];
      return explanationOf(score, parts);
    },
    outOfDistributionOne(values) {
      const value = values[0]!;
      if (!Number.isFinite(value) || learned < leastPoints) return true;
      const width = Math.max(most - least, 1e-3 * Math.max(Math.abs(most), Math.abs(least)), 1e-9);
      return value > most + width || value < least - width;
    },
  };
}
