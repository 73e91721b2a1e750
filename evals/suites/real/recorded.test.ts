import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../infra/runtime/logger.ts';
import type { Prediction } from '../../suite.ts';
import { createRealSuite } from './real-suite.ts';

const folder = join(import.meta.dirname, 'recorded');
const filesOf = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? filesOf(join(dir, one.name)) : [join(dir, one.name)],
  );

describe('recorded breaks', () => {
  it('are small, and name no machine', () => {
    const byCase = Map.groupBy(filesOf(folder), (path) => path.slice(folder.length).split('/').slice(1, 3).join('/'));
    for (const paths of byCase.values())
      expect(paths.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(300 * 1024);
  });

  it('are replayed in seconds, each with an answer', { timeout: 120_000 }, async () => {
    const suite = createRealSuite();
    const options = {
      data: folder,
      reasoner: 'rules' as const,
      seeds: [],
      faults: [],
      cases: [],
      without: [],
      logger: createLogger({ level: 'silent' }),
    };
    const predictions: Prediction[] = [];
    for await (const prediction of suite.predict(options)) predictions.push(prediction);
    const { scores, outcomes = [] } = await suite.score(predictions, undefined, options);
    expect(outcomes).toHaveLength(predictions.length);
    expect(outcomes.every(({ verdict }) => verdict !== 'failed')).toBe(true);
    expect(scores.find(({ metric }) => metric === 'thing and fault first')?.cases).toBeGreaterThan(3);
  });
});
