import { createRandom } from '../../../infra/runtime/random.ts';
import type { LabelledRows } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';

/**
 * Rows of a made-up classification problem, for tests and benches: values around 0, labels by an interaction, a line, a wave and a step over the
 * first six columns, with noise. About a quarter is positive.
 */
export function sampleRows(size: { rows: number; columns: number; seed: number }): LabelledRows & { rows: Matrix } {
  const random = createRandom(size.seed);
  const { rows, columns } = size;
  const values = new Float32Array(rows * columns);
  for (let at = 0; at < values.length; at += 1) values[at] = random.next() + random.next() + random.next() - 1.5;
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const [a, b, c, d, e, f] = values.subarray(row * columns, row * columns + 6);
    const signal = a! * b! * 4 + c! * 2 + Math.sin(d! * 4) + (e! > 0.3 ? 1 : 0) - f! * f! * 3;
    labels[row] = signal + (random.next() - 0.5) * 2 > 0.8 ? 1 : 0;
  }
  return { rows: { rows, columns, values }, labels, classes: ['normal', 'abnormal'] };
}
