import { describe, expect, it } from 'vitest';
import { createRandom } from '../../infra/runtime/random.ts';
import { createGradientBoostingTrainer } from './boosted-classifier.ts';
import { sampleRows } from './sample-rows.ts';

describe('the threads of a training', () => {
  const data = sampleRows({ rows: 3000, columns: 70, seed: 1 });
  const fit = (threads: number, rows = data.rows.rows): string => {
    const part = {
      ...data,
      rows: { rows, columns: 70, values: data.rows.values.subarray(0, rows * 70) },
      labels: data.labels.subarray(0, rows),
    };
    return JSON.stringify(createGradientBoostingTrainer().fit(part, { trees: 5, threads }, createRandom(3)).toJson());
  };

  it('grow the same trees, however many they are', () => {
    const one = fit(1);
    expect(fit(2)).toBe(one);
    expect(fit(3)).toBe(one);
  });

  it('grow in WebAssembly what plain TypeScript grows', () => {
    // one thread with so few cells takes the plain kernel, two take WebAssembly
    expect(fit(2, 500)).toBe(fit(1, 500));
  });
});
