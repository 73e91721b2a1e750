import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../infra/runtime/random.ts';
import { matrixOf } from '../matrix.ts';
import { describeTrainer, expectExplained } from './trainer.conformance.ts';
import { createDbscanTrainer } from './dbscan.ts';
import { createEllipticEnvelopeTrainer } from './elliptic-envelope.ts';
import { createExtendedForestTrainer } from './extended-forest.ts';
import { averagePath, createIsolationForestTrainer } from './isolation-forest.ts';
import { createLocalOutlierFactorTrainer } from './local-outlier-factor.ts';
import { createNeighbourDistanceTrainer } from './neighbour-distance.ts';
import { joinTails } from './joined-tails.ts';
import { nearest } from './neighbours.ts';
import { createOutlierBlendTrainer } from './outlier-blend.ts';
import { createPcaTrainer } from './pca.ts';
import { positionsBy, quantileMapOf } from './quantile-map.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

describeTrainer(createIsolationForestTrainer());
describeTrainer(createExtendedForestTrainer());
describeTrainer(createPcaTrainer());
describeTrainer(createEllipticEnvelopeTrainer());
describeTrainer(createLocalOutlierFactorTrainer());
describeTrainer(createNeighbourDistanceTrainer());
describeTrainer(createDbscanTrainer());
describeTrainer(createOutlierBlendTrainer());

/** 600 rows of which no single column is odd, on a curve through four columns. */
function ring(random: Random): number[][] {
  return Array.from({ length: 600 }, () => {
    const turn = random.next() * 2 * Math.PI;
    return [Math.cos(turn), Math.sin(turn), Math.cos(2 * turn), Math.sin(2 * turn)];
  });
}

/** Rows from the lowest score to the highest. */
function orderOf(scores: Float64Array): number[] {
  return Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]! || a - b);
}

describe('the parts of the outlier detectors', () => {
  it('know the mean path of a random search tree', () => {
    expect(averagePath(1)).toBe(0);
    expect(averagePath(2)).toBe(1);
    expect(averagePath(256)).toBeCloseTo(10.24, 2);
  });

  it('find eigenvalues and vectors', () => {
    const { values, vectors } = symmetricEigen(Float64Array.from([2, 1, 0, 1, 2, 0, 0, 0, 5]), 3);
    expect([...values].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([5, 3, 1]);
    expect(Math.abs(vectors[3]!)).toBeCloseTo(Math.SQRT1_2, 9);
    expect(vectors[3]).toBeCloseTo(vectors[4]!, 9);
  });

  it('find the nearest rows in order', () => {
    const rows = Float64Array.from([0, 1, 3, 7]);
    const { distances, indices } = nearest(rows, rows, { columns: 1, k: 2, self: true });
    expect([...indices]).toEqual([1, 2, 0, 2, 1, 0, 2, 1]);
    expect([...distances.subarray(0, 2)]).toEqual([1, 3]);
  });

  it('see a row that breaks a relation no single column shows: the blend leans on neighbours where tails are light', () => {
    const rows = matrixOf(ring(createRandom(2)));
    const blend = createOutlierBlendTrainer().fit(rows, {}, createRandom(1));
    const forest = createIsolationForestTrainer().fit(rows, {}, createRandom(1));
    const odd = matrixOf([[0, 0, 0, 0]]);
    const above = (model: typeof blend): number =>
      model.score(rows).filter((score) => score >= model.score(odd)[0]!).length;
    expect(above(blend)).toBeLessThan(6);
    expect(above(forest)).toBeGreaterThan(above(blend));
  });

  it('explain a blend whose members disagree by the evidence of each: the column that breaks the relation', () => {
    const rows = matrixOf(ring(createRandom(2)));
    const blend = createOutlierBlendTrainer().fit(rows, {}, createRandom(1));
    expect(blend.card.options['weights']).not.toContain(0);
    for (const row of [
      [0, 0, 0, 0],
      [0, 1, -0.4, 0],
      [2, 2, 2, 2],
      [Number.NaN, 1e30, 0, 0],
    ])
      expectExplained(blend, Float64Array.from(row));
    // a quarter turn is (0, 1, -1, 0): only the third column is not where the others put it
    expect(blend.explain([0, 1, -0.4, 0]).contributions[0]!.feature).toBe('f2');
  });

  it('place a score among references without a step, rising throughout, ends never reached', () => {
    const position = positionsBy(quantileMapOf(Float64Array.from([0.2, 0.2, 0.2, 0.4, 0.4 + 1e-12, 0.9])));
    expect(position(0.2)).toBeCloseTo(2 / 7, 12);
    expect(Math.abs(position(0.2 + 1e-12) - position(0.2))).toBeLessThan(1e-9);
    expect(Math.abs(position(0.4 + 1e-12) - position(0.4))).toBeLessThan(1e-3);
    const places = Array.from({ length: 101 }, (_, at) => position(at / 100));
    expect(places.every((place, at) => place > 0 && place < 1 && (at === 0 || place > places[at - 1]!))).toBe(true);
  });

  it('join positions by their tails: what one finds extreme stays high', () => {
    const [joined] = joinTails([Float64Array.of(0.999), Float64Array.of(0.5)], [0.5, 0.5]);
    expect(joined).toBeCloseTo(1 - Math.sqrt(0.001 * 0.5), 12);
    expect(joinTails([Float64Array.of(0.3)], [1])[0]).toBeCloseTo(0.3, 12);
  });

  it('see a dense lump of odd rows as a whole by the distance to a far neighbour, where density around a row sees nothing', () => {
    const random = createRandom(4);
    const wide = (): number => random.next() + random.next() + random.next() - 1.5;
    const rows = matrixOf(
      Array.from({ length: 1000 }, (_, row) => (row < 25 ? [2.2 + wide() / 20, 2.2 + wide() / 20] : [wide(), wide()])),
    );
    const lowestOfLump = (
      trainer: ReturnType<typeof createNeighbourDistanceTrainer | typeof createDbscanTrainer>,
    ): number => {
      const scores = trainer.fit(rows, {}, createRandom(1)).score(rows);
      const lowest = Math.min(...scores.subarray(0, 25));
      return scores.filter((score) => score > lowest).length;
    };
    expect(lowestOfLump(createNeighbourDistanceTrainer())).toBeLessThan(40);
    expect(lowestOfLump(createDbscanTrainer())).toBeGreaterThan(200);
  });

  it('leave the forest alone where there are too few rows to be near to: the blend ranks as it does', () => {
    const random = createRandom(3);
    const rows = matrixOf(
      Array.from({ length: 80 }, () => {
        const turn = random.next() * 2 * Math.PI;
        return [Math.cos(turn), Math.sin(turn)];
      }),
    );
    const blend = createOutlierBlendTrainer().fit(rows, {}, createRandom(1)).score(rows);
    const forest = createIsolationForestTrainer().fit(rows, {}, createRandom(1)).score(rows);
    expect(orderOf(blend)).toEqual(orderOf(forest));
  });

  it('leave the forest alone where the rows that it isolates lie in one lump, which neighbours would take for normal', () => {
    const random = createRandom(2);
    const around = ring(random);
    const lump = Array.from({ length: 15 }, () => Array.from({ length: 4 }, () => 1.6 + random.next() / 100));
    const orders = (rows: number[][]): { blend: number[]; forest: number[] } => {
      const all = matrixOf(rows);
      const of = (trainer: ReturnType<typeof createOutlierBlendTrainer | typeof createIsolationForestTrainer>) =>
        orderOf(trainer.fit(all, {}, createRandom(1)).score(all));
      return { blend: of(createOutlierBlendTrainer()), forest: of(createIsolationForestTrainer()) };
    };
    const [beside, without] = [orders([...around, ...lump]), orders(around)];
    expect(beside.forest.slice(-15).every((row) => row >= around.length)).toBe(true);
    expect(beside.blend).toEqual(beside.forest);
    expect(without.blend).not.toEqual(without.forest);
  });
});
