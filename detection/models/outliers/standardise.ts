import { z } from 'zod';
import type { Matrix } from '../matrix.ts';
import { floats, integers, type OnnxPart } from '../onnx/encode-model.ts';

/** Mean and spread of each column; a column that does not vary has spread 1. */
export interface Scale {
  mean: number[];
  spread: number[];
}

export const scaleJson = z.object({ mean: z.array(z.number()), spread: z.array(z.number()) });

/** Mean and standard deviation of each column, missing values aside. */
export function scaleOf(rows: Matrix): Scale {
  const { columns, values } = rows;
  const [mean, spread] = [new Float64Array(columns), new Float64Array(columns)];
  const counts = new Float64Array(columns);
  // Welford's update: exact enough for columns far from zero
  for (let at = 0, column = 0; at < values.length; at += 1, column = column + 1 === columns ? 0 : column + 1) {
    const value = values[at]!;
    if (!Number.isFinite(value)) continue;
    counts[column]! += 1;
    const before = value - mean[column]!;
    mean[column]! += before / counts[column]!;
    spread[column]! += before * (value - mean[column]!);
  }
  for (let column = 0; column < columns; column += 1) {
    const deviation = Math.sqrt(spread[column]! / Math.max(1, counts[column]!));
    spread[column] = deviation > 1e-9 * Math.max(1, Math.abs(mean[column]!)) ? deviation : 1;
  }
  return { mean: [...mean].map(Math.fround), spread: [...spread].map(Math.fround) };
}

/** (value - mean) / spread, held within +-1e6; a missing value counts as the mean. */
export function standardise({ mean, spread }: Scale, rows: Matrix): Float64Array {
  const { columns, values } = rows;
  const out = new Float64Array(values.length);
  for (let at = 0, column = 0; at < values.length; at += 1, column = column + 1 === columns ? 0 : column + 1) {
    const value = (Math.fround(values[at]!) - mean[column]!) / spread[column]!;
    out[at] = Number.isNaN(value) ? 0 : Math.min(Math.max(value, -1e6), 1e6);
  }
  return out;
}

/** The same in ONNX, from `rows` to `scaled`. */
export function standardiseOnnx({ mean, spread }: Scale): OnnxPart {
  return {
    constants: {
      mean: floats([1, mean.length], mean),
      spread: floats([1, spread.length], spread),
      none: floats([], [0]),
      least: floats([], [-1e6]),
      most: floats([], [1e6]),
      lastAxis: integers([1], [-1]),
    },
    nodes: [
      { op: 'Sub', inputs: ['rows', 'mean'], outputs: ['centred'] },
      { op: 'Div', inputs: ['centred', 'spread'], outputs: ['divided'] },
      { op: 'IsNaN', inputs: ['divided'], outputs: ['missing'] },
      { op: 'Where', inputs: ['missing', 'none', 'divided'], outputs: ['known'] },
      { op: 'Clip', inputs: ['known', 'least', 'most'], outputs: ['scaled'] },
    ],
  };
}
