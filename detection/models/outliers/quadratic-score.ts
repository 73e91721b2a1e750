import { z } from 'zod';
import { floats, type OnnxPart } from '../onnx/encode-model.ts';
import { boundedScore, boundedScoreOnnx } from './bounded-score.ts';
import type { SplitScore } from './fitted-detector.ts';

/** A distance d^2 = |M (x - centre)|^2 over standardised columns: what PCA and the elliptic envelope score with. `rows` of M stand one after another. */
export interface Quadratic {
  centre: number[];
  map: number[];
  /** Distance (not squared) whose score is one half. */
  half: number;
}

export const quadraticJson = z.object({ centre: z.array(z.number()), map: z.array(z.number()), half: z.number() });

/** d of each row. */
export function quadraticDistances(
  scaled: Float64Array,
  columns: number,
  of: Pick<Quadratic, 'centre' | 'map'>,
): Float64Array {
  const outputs = of.map.length / columns;
  const map = Float64Array.from(of.map);
  const row = new Float64Array(columns);
  return Float64Array.from({ length: scaled.length / columns }, (_, index) => {
    for (let c = 0; c < columns; c += 1) row[c] = scaled[index * columns + c]! - of.centre[c]!;
    let square = 0;
    for (let k = 0; k < outputs; k += 1) {
      let sum = 0;
      for (let c = 0, at = k * columns; c < columns; c += 1, at += 1) sum += map[at]! * row[c]!;
      square += sum * sum;
    }
    return Math.sqrt(square);
  });
}

/** Scores of rows by their distance. */
export function quadraticScores(scaled: Float64Array, columns: number, of: Quadratic): Float64Array {
  return quadraticDistances(scaled, columns, of).map((distance) => boundedScore(distance, of.half));
}

/** d^2 splits by column as z_c (M'M z)_c (partial decomposition contributions: Alcala & Qin, J. Process Control 2011); the score in that proportion. A share can be negative. */
export function quadraticShares(scaled: Float64Array, columns: number, of: Quadratic): SplitScore {
  const shares = new Float64Array(columns);
  const row = Float64Array.from({ length: columns }, (_, c) => scaled[c]! - of.centre[c]!);
  let square = 0;
  for (let at = 0; at < of.map.length; at += columns) {
    let sum = 0;
    for (let c = 0; c < columns; c += 1) sum += of.map[at + c]! * row[c]!;
    for (let c = 0; c < columns; c += 1) shares[c]! += sum * of.map[at + c]! * row[c]!;
    square += sum * sum;
  }
  const score = boundedScore(Math.sqrt(square), of.half);
  return {
    shares: shares.map((share) => (square === 0 ? 0 : (share * score) / square)),
    expected: 0,
    scale: 'score',
    exact: true,
  };
}

/** The same in ONNX. */
export function quadraticOnnx(of: Quadratic, columns: number): OnnxPart {
  const outputs = of.map.length / columns;
  const turned = Array.from(
    { length: of.map.length },
    (_, at) => of.map[(at % outputs) * columns + Math.floor(at / outputs)]!,
  );
  return {
    constants: {
      centre: floats([1, columns], of.centre),
      map: floats([columns, outputs], turned),
      half: floats([], [of.half]),
    },
    nodes: [
      { op: 'Sub', inputs: ['scaled', 'centre'], outputs: ['moved'] },
      { op: 'MatMul', inputs: ['moved', 'map'], outputs: ['mapped'] },
      { op: 'ReduceL2', inputs: ['mapped', 'lastAxis'], outputs: ['distance'], attributes: { keepdims: { int: 1 } } },
      ...boundedScoreOnnx('distance', 'half'),
    ],
  };
}
