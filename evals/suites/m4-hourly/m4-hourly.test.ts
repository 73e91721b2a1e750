import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Prediction } from '../../suite.ts';
import { createM4HourlySuite } from './m4-hourly-suite.ts';
import { measureForecast } from './score-forecasts.ts';
import { plainOptions } from '../plain-options.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('measureForecast', () => {
  it('measures as the competition does', () => {
    const past = Float64Array.from({ length: 6 }, (_, t) => t);
    const said = { mean: [10, 10], low: [8, 8], high: [12, 12] };
    const { smape, mase, msis, covered } = measureForecast(past, Float64Array.of(10, 14), said, 2);
    expect(smape).toBeCloseTo((200 * 4) / 24 / 2);
    expect(mase).toBeCloseTo(4 / 2 / 2);
    expect(msis).toBeCloseTo((4 + 4 + 40 * 2) / 2 / 2);
    expect(covered).toBe(0.5);
  });
});

describe('the suite', () => {
  it('predicts without truth, writes both tables, and beats the seasonal naive on a clear wave', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'm4-'));
    folders.push(folder);
    const random = createRandom(1);
    const all = Array.from({ length: 2 }, (_, i) =>
      Array.from({ length: 420 + 48 }, (_unused, t) => 50 + i + 20 * Math.sin((6.2832 * t) / 24) + 8 * random.next()),
    );
    const table = (rows: number[][]): string =>
      ['"V1"', ...rows.map((row, i) => `"H${i + 1}",${row.join(',')}`)].join('\n');
    writeFileSync(join(folder, 'Hourly-train.csv'), table(all.map((row) => row.slice(0, 420))));
    writeFileSync(join(folder, 'truth.csv'), table(all.map((row) => row.slice(420))));
    const suite = createM4HourlySuite();
    const intervals = join(folder, 'bounds.csv');
    const options = { ...plainOptions, data: folder, seeds: [1], intervals };
    const predictions: Prediction[] = [];
    for await (const prediction of suite.predict(options)) predictions.push(prediction);
    await suite.write!(predictions, join(folder, 'out.csv'), options);
    expect(readFileSync(join(folder, 'out.csv'), 'utf8').split('\n')[0]!.split(',')).toHaveLength(49);
    expect(readFileSync(intervals, 'utf8').split('\n')[1]!.split(',')).toHaveLength(97);
    expect((await suite.score(predictions, undefined, options)).scores).toEqual([]);
    const { scores, tables } = await suite.score(predictions, join(folder, 'truth.csv'), options);
    expect(scores[0]!.score).toBeLessThan(0.9);
    expect(scores[2]!.score).toBeGreaterThan(0.85);
    expect(tables![0]!.rows[0]!.slice(0, 2)).toEqual(['420', '2']);
  });
});
