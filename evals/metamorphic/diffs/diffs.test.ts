import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../infra/runtime/logger.ts';
import { createDiffsSuite } from './diffs-suite.ts';
import type { Prediction } from '../../suite.ts';

describe('edits told otherwise', () => {
  it('are read alike in at least 97 of 100 tellings, of each set', async () => {
    const suite = createDiffsSuite();
    const options = {
      reasoner: 'rules' as const,
      seeds: [],
      faults: [],
      cases: [],
      without: [],
      logger: createLogger({ level: 'silent' }),
    };
    const predictions: Prediction[] = [];
    for await (const one of suite.predict(options)) predictions.push(one);
    const { scores } = await suite.score(predictions, undefined, options);
    for (const set of ['open', 'held-back', 'late'])
      expect(scores.find(({ metric }) => metric === `${set}: effects that follow`)?.score).toBeGreaterThanOrEqual(0.97);
  });
});
