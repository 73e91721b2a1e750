import { noveltyTail, tailShare } from './calibrated-tail.ts';
import { createNovelty } from './novelty.ts';
import { createUnivariate, type UnivariateDetector } from './univariate.ts';

/**
 * Multi-scale novelty alone (see novelty.ts), without a season. The score is one less the share of ordinary noise with as much evidence. 20 KB. Through
 * the alarm gate NAB standard profile 76.8 on the AWS part (robust z-score 2.1, random 9.8): `npx --no cerebro eval nab --data <dir> --truth <dir>`.
 */
export function createMultiScaleNovelty(): UnivariateDetector {
  const novelty = createNovelty();
  return createUnivariate({
    method: 'multi-scale-novelty',
    score: (value, at) => 1 - tailShare(noveltyTail, novelty.evidence(value, at)),
    learn: (value, at) => novelty.take(value, at),
    parts: (value, at) => novelty.parts(value, at),
    bytes: novelty.bytes,
  });
}
