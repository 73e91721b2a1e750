import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Prediction } from '../../suite.ts';
import { createCmapssSuite } from './cmapss-suite.ts';
import { plainOptions } from '../plain-options.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Engines that wear over their last sixty cycles in one sensor; `cut` leaves that many cycles off the end. */
function engines(count: number, seed: number, cut = 0): { text: string; lives: number[] } {
  const random = createRandom(seed);
  const lives: number[] = [];
  const lines: string[] = [];
  for (let engine = 1; engine <= count; engine += 1) {
    const life = 80 + random.integer(60);
    lives.push(cut);
    for (let cycle = 1; cycle <= life - cut; cycle += 1) {
      const sensors = Array.from(
        { length: 24 },
        (_, i) => (i === 7 ? 5 * Math.max(0, 60 - (life - cycle)) ** 2 : 1) + random.next(),
      );
      lines.push([engine, cycle, ...sensors.map((value) => value.toFixed(3))].join(' '));
    }
  }
  return { text: lines.join('\n'), lives };
}

async function run(files: Record<string, string>, truth: string) {
  const folder = mkdtempSync(join(tmpdir(), 'cmapss-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const suite = createCmapssSuite();
  const options = { ...plainOptions, data: folder, seeds: [1] };
  const predictions: Prediction[] = [];
  for await (const prediction of suite.predict(options)) predictions.push(prediction);
  await suite.write!(predictions, join(folder, 'out.csv'), options);
  const { scores } = await suite.score(predictions, join(folder, truth), options);
  return { scores, written: readFileSync(join(folder, 'out.csv'), 'utf8').trim().split('\n') };
}

describe('the suite', () => {
  it('predicts the test engines where they are', async () => {
    const test = engines(6, 9, 20);
    const files = {
      'train_FD001.txt': engines(12, 1).text,
      'test_FD001.txt': test.text,
      'RUL.txt': test.lives.join('\n'),
    };
    const { scores, written } = await run(files, 'RUL.txt');
    expect(written[0]).toBe('engine,rul,p_fail_within_30');
    expect(written).toHaveLength(7);
    expect(scores[0]!.score).toBeLessThan(15);
  }, 30_000);
});
