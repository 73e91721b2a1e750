import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../infra/runtime/logger.ts';
import type { Prediction, SuiteOptions } from '../suite.ts';
import { createSuites } from './catalogue.ts';
import { madeUpSets } from './made-up-sets.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** Predicts and scores a made-up set whose truth says `answer`. */
async function run(name: string, answer: string): Promise<{ line: Prediction['line']; scores: Map<string, number> }> {
  const data = mkdtempSync(join(tmpdir(), 'cerebro-systems-'));
  dirs.push(data);
  madeUpSets[name]?.(data, answer);
  const suite = createSuites().find((one) => one.name === name)!;
  const options: SuiteOptions = {
    data,
    reasoner: 'rules',
    seeds: [],
    faults: [],
    cases: [],
    without: [],
    logger: createLogger({ level: 'silent' }),
  };
  const predictions: Prediction[] = [];
  for await (const one of suite.predict(options)) predictions.push(one);
  const { scores } = await suite.score(predictions, data, options);
  return { line: predictions[0]!.line, scores: new Map(scores.map(({ metric, score }) => [metric, score])) };
}

describe('suites of several systems', () => {
  it('metrics-incidents names the service and the metric that moved', async () => {
    const { line, scores } = await run('metrics-incidents', 'cart');
    expect(line['ranking']).toMatchObject([{ entity: 'cart', metric: 'cpu' }]);
    expect(scores.get('shop top-1')).toBe(1);
  });

  it('storms names the entity whose alert is rare, in the words of the set', async () => {
    const { line, scores } = await run('storms', 'cart-0');
    expect(line).toMatchObject({ ranking: ['cart-0', 'web-0'], fault: 'cpu' });
    expect(scores.get('shop top-1')).toBe(1);
    expect(scores.get('shop top-1 by rarity of metric alerts')).toBe(1);
  });

  it('database-incidents names the lock and, literals left out, the statement that holds it', async () => {
    const { line, scores } = await run('database-incidents', 'lock');
    expect(line).toMatchObject({ cause: 'lock', statement: 'UPDATE cart SET n = 7' });
    expect(scores.get('shop both')).toBe(1);
  });

  it('traces-incidents names the service that spends the time', async () => {
    const { line, scores } = await run('traces-incidents', 'stock');
    expect(line['ranking']).toContain('stock');
    expect(scores.get('shop top-1')).toBe(1);
  });
});
