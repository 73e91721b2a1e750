import type { Random } from '../../../infra/runtime/random.ts';
import type { Trainer } from '../contracts.ts';
import { createOutlierTrainer } from './fitted-detector.ts';
import { quadraticOf } from './pca.ts';
import {
  quadraticDistances,
  quadraticJson,
  quadraticOnnx,
  quadraticScores,
  quadraticShares,
  type Quadratic,
} from './quadratic-score.ts';
import { covarianceOf } from './symmetric-eigen.ts';
import { drawRows } from './training-rows.ts';

export interface EllipticEnvelopeOptions {
  /** Random starts of the concentration steps. */
  starts: number;
  floor: number;
}

/**
 * Robust covariance (FastMCD: Rousseeuw & Van Driessen 1999): the half of the rows with the smallest determinant found by concentration steps from
 * random starts, then one reweighting over the rows near it; score by Mahalanobis distance. Explanations split the score exactly by column.
 */
export function createEllipticEnvelopeTrainer(): Trainer<EllipticEnvelopeOptions & { features: readonly string[] }> {
  return createOutlierTrainer<EllipticEnvelopeOptions, Quadratic>({
    method: 'elliptic-envelope',
    defaults: { starts: 6, floor: 1e-3 },
    leastRows: 4,
    mostRows: 1500,
    schema: quadraticJson,
    learn: (scaled, { columns, options, random }) => {
      const kept = smallestHalf(scaled, { columns, options, random });
      const inner = quadraticOf({ ...covarianceOf(scaled, columns, kept), floor: options.floor }, scaled, columns);
      const distances = quadraticDistances(scaled, columns, inner);
      // the half's median distance stands for the middle of the normal rows; those within three times of it are normal as well
      const middle = Float64Array.from(kept, (row) => distances[row]!).sort()[kept.length >> 1]!;
      const near = Int32Array.from(distances.keys()).filter((row) => distances[row]! <= 3 * middle);
      return quadraticOf(
        { ...covarianceOf(scaled, columns, near.length > columns ? near : kept), floor: options.floor },
        scaled,
        columns,
      );
    },
    score: quadraticScores,
    explain: quadraticShares,
    onnx: quadraticOnnx,
  });
}

function smallestHalf(
  scaled: Float64Array,
  of: { columns: number; options: EllipticEnvelopeOptions; random: Random },
): Int32Array {
  const { columns, options } = of;
  const count = scaled.length / columns;
  const half = Math.min(count, Math.floor((count + columns + 1) / 2));
  let best: { rows: Int32Array; spread: number } = { rows: new Int32Array(0), spread: Number.POSITIVE_INFINITY };
  for (let start = 0; start < options.starts; start += 1) {
    let rows: Int32Array = drawRows(count, Math.min(half, Math.max(columns + 1, Math.floor(count / 5))), of.random);
    let spread = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 4; step += 1) {
      const quadratic = quadraticOf({ ...covarianceOf(scaled, columns, rows), floor: options.floor }, scaled, columns);
      const distances = quadraticDistances(scaled, columns, quadratic);
      rows = Int32Array.from(distances.keys())
        .sort((a, b) => distances[a]! - distances[b]! || a - b)
        .subarray(0, half);
      // log-determinant of the map's inverse: each component's spread
      spread = -logVolume(quadratic.map, columns);
    }
    if (spread < best.spread) best = { rows, spread };
  }
  return best.rows;
}

/** Sum of the logarithms of the lengths of a map's rows: log of 1 / volume of the ellipsoid it measures with. */
function logVolume(map: readonly number[], columns: number): number {
  let sum = 0;
  for (let at = 0; at < map.length; at += columns) {
    let square = 0;
    for (let c = 0; c < columns; c += 1) square += map[at + c]! ** 2;
    sum += Math.log(square) / 2;
  }
  return sum;
}
