import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { createGradientBoostingTrainer } from './boosted-classifier.ts';
import { sampleRows } from './sample-rows.ts';
import { openTrainingCrew } from './training-crew.ts';

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

  it('refuse what does not fit in their memory, and say what would', () => {
    const columns = 300;
    const offsets = Int32Array.from({ length: columns + 1 }, (_, column) => column * 256);
    const cuts = {
      columns,
      binCounts: new Int32Array(columns),
      offsets,
      cuts: [],
      categorical: new Uint8Array(columns),
    };
    const rows = { rows: 17_000_000, columns, values: new Float32Array(0) };
    expect(() => openTrainingCrew(rows, cuts, { depth: 6, threads: 2 })).toThrow(
      /17000000 rows of 300 columns do not fit in 4 GiB .*; 12\d{6} rows would/,
    );
  });

  it('grow in WebAssembly what plain TypeScript grows', () => {
    // one thread with so few cells takes the plain kernel, two take WebAssembly
    expect(fit(2, 500)).toBe(fit(1, 500));
  });
});
